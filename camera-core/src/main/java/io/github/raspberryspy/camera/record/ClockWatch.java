package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.segments.ClockState;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Knows whether the wall clock is set, and ties runs to it. A computer without a clock battery
 * starts with a time of long ago, or of when it was last switched off; once the network has told
 * the time, runs that began before can be dated by the monotonic clock, which no step of the wall
 * clock moves. Thread-safe.
 */
public final class ClockWatch {

  private final InstantSource wall;
  private final LongSupplier monotonic;
  private final BooleanSupplier isSet;

  /**
   * Watches these clocks.
   *
   * @param monotonic a clock as {@link System#nanoTime}
   * @param isSet whether the system says that its clock is set; a time before this program was
   *     written is not, whatever it says
   */
  public ClockWatch(InstantSource wall, LongSupplier monotonic, BooleanSupplier isSet) {
    this.wall = wall;
    this.monotonic = monotonic;
    this.isSet = isSet;
  }

  /** Ties a run to the wall clock as it is now. */
  public RunClock tie(long captureNanos) {
    boolean set = isSet();
    Instant now = wall.instant();
    return RunClock.tie(
        captureNanos,
        monotonic.getAsLong(),
        now,
        set && !now.isBefore(RunClock.EARLIEST) ? ClockState.SYNCED : ClockState.UNSYNCED);
  }

  /** The right clock of a run that began unsynchronised, as soon as the wall clock is set. */
  Optional<RunClock> correct(RunClock run) {
    if (run.state() != ClockState.UNSYNCED || !isSet()) {
      return Optional.empty();
    }
    return Optional.of(
        RunClock.tie(
            run.startNanos(), monotonic.getAsLong(), wall.instant(), ClockState.CORRECTED));
  }

  /** The wall clock, once it is set. */
  Optional<Instant> now() {
    return isSet() ? Optional.of(wall.instant()) : Optional.empty();
  }

  /** The monotonic clock. */
  long nanos() {
    return monotonic.getAsLong();
  }

  private boolean isSet() {
    return isSet.getAsBoolean() && !wall.instant().isBefore(RunClock.EARLIEST);
  }
}
