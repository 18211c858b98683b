package io.github.raspberryspy.sink.retention;

import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.event.MasterEvent;
import io.github.raspberryspy.sink.event.MasterEvent.SegmentStored;
import io.github.raspberryspy.sink.event.Troubles;
import io.github.raspberryspy.sink.index.Notes;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Keeps the trusted clock: notes the time for the next process, listens to what cameras say, and
 * tells of a doubt. Thread-safe.
 */
public final class ClockWatch implements AutoCloseable {

  private static final String KIND = "clock";
  private static final String NOTE = "clock.last";
  private static final Duration NOTED_EVERY = Duration.ofMinutes(1);

  private final SegmentIndex index;
  private final Events events;
  private final Troubles troubles;
  private final TrustedClock clock;
  private final Consumer<MasterEvent> listener = this::heard;
  private Optional<Instant> noted = Optional.empty();

  /** Goes on from what the index remembers. */
  public ClockWatch(
      SegmentIndex index, Events events, Troubles troubles, Clock wall, LongSupplier nanos) {
    this.index = index;
    this.events = events;
    this.troubles = troubles;
    this.clock = new TrustedClock(wall, nanos, lastOf(index.notes()));
    events.listen(listener);
  }

  /** The clock. */
  public TrustedClock clock() {
    return clock;
  }

  /** Looks how the clock is; to be called every second. */
  public synchronized void look() {
    Optional<Duration> doubt = clock.doubt();
    if (doubt.isPresent()) {
      troubles.begin(KIND, sentence(doubt.get()));
    } else {
      troubles.end(KIND);
    }
    Instant now = clock.toNote();
    boolean isRecent =
        noted.isPresent() && Duration.between(noted.get(), now).abs().compareTo(NOTED_EVERY) < 0;
    if (!isRecent) {
      index.notes().put(NOTE, now.toString());
      noted = Optional.of(now);
    }
  }

  /** A person says that the wall clock is right: ages count by it from now on. */
  public void confirm() {
    clock.confirm();
    settled();
  }

  @Override
  public void close() {
    events.forget(listener);
  }

  private void heard(MasterEvent event) {
    if (event instanceof SegmentStored stored) {
      SegmentManifest manifest = stored.segment().manifest();
      if (manifest.clock() == ClockState.SYNCED && clock.heardFrom(manifest.end())) {
        settled();
      }
    }
  }

  private void settled() {
    index.receiveNotAfter(clock.now());
    look();
  }

  /** Whole hours, so that a doubt that lasts is told once. */
  private static String sentence(Duration ahead) {
    Duration by = ahead.abs();
    return "the master's clock is "
        + (by.toDays() > 1 ? by.toDays() + " days" : by.toHours() + " h")
        + (ahead.isNegative() ? " behind" : " ahead of")
        + " the time that went by since it was last right"
        + ": until somebody confirms it, or a camera agrees, nothing is deleted for its age by it";
  }

  private static Optional<Instant> lastOf(Notes notes) {
    try {
      return notes.get(NOTE).map(Instant::parse);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
