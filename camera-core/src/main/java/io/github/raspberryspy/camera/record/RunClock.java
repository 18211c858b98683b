package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.segments.ClockState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Ties a run's own time to the wall clock, once: after that a step of the wall clock moves nothing.
 *
 * @param startNanos capture time of the run's first frame, on the clock of {@link System#nanoTime}
 * @param start wall time of that moment
 * @param state how far the wall clock could be trusted then
 */
public record RunClock(long startNanos, Instant start, ClockState state) {

  /** No clock that was ever set is before the day on which this program was written. */
  static final Instant EARLIEST = Instant.parse("2026-01-01T00:00:00Z");

  /** Ties a capture time to the wall clock, which is read now and trusted if it can be. */
  public static RunClock tie(long captureNanos, long nowNanos, Instant now) {
    return tie(
        captureNanos,
        nowNanos,
        now,
        now.isBefore(EARLIEST) ? ClockState.UNSYNCED : ClockState.SYNCED);
  }

  /** Ties a capture time to the wall clock, which is read now. */
  static RunClock tie(long captureNanos, long nowNanos, Instant now, ClockState state) {
    return new RunClock(
        captureNanos,
        now.minusNanos(nowNanos - captureNanos).truncatedTo(ChronoUnit.MICROS),
        state);
  }

  /** Wall time of a presentation time of the run, microseconds. */
  public Instant at(long ptsUs) {
    return start.plus(Duration.of(ptsUs, ChronoUnit.MICROS));
  }

  /** Capture time of a presentation time of the run. */
  public long nanosAt(long ptsUs) {
    return startNanos + ptsUs * 1000;
  }

  /** Wall time of a capture time. */
  public Instant atNanos(long nanos) {
    return start.plusNanos(nanos - startNanos).truncatedTo(ChronoUnit.MICROS);
  }
}
