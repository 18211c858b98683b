package io.github.raspberryspy.sink.retention;

import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.event.MasterEvent;
import io.github.raspberryspy.sink.event.MasterEvent.SegmentStored;
import io.github.raspberryspy.sink.event.Troubles;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.Stamps;
import io.github.raspberryspy.sink.index.StoredSegment;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Keeps the trusted clock: notes the time for the next process, listens to what cameras say, tells
 * of a doubt, and settles it. Thread-safe.
 */
public final class ClockWatch implements AutoCloseable {

  /*
   * Who may settle a doubt: a person; a camera whose run began before it, for whom its own
   * monotonic clock has measured the time since, so that no time server had a say in it; or two
   * cameras whose clocks are set. One alone may be stolen, or have its time from this very master.
   */
  private static final String KIND = "clock";
  private static final Duration NOTED_EVERY = Duration.ofMinutes(1);

  /** A larger step takes a person's word. */
  private static final Duration CAMERA_TRUST = Duration.ofDays(45);

  private static final int ENOUGH = 2;

  /** A seal may have begun before a doubt was settled, and ended after it. */
  private static final Duration SEALED_ACROSS = Duration.ofMinutes(30);

  private final SegmentIndex index;
  private final Events events;
  private final Troubles troubles;
  private final TrustedClock clock;
  private final ForwardClock forward;
  private final Consumer<MasterEvent> listener = this::heard;
  private final Map<String, Duration> witnesses = new HashMap<>();
  private Optional<Instant> settled = Optional.empty();
  private Optional<Instant> noted;
  private Optional<Instant> notedUnsure;

  /** Goes on from what the index remembers. */
  public ClockWatch(
      SegmentIndex index, Events events, Troubles troubles, Clock wall, LongSupplier nanos) {
    this.index = index;
    this.events = events;
    this.troubles = troubles;
    this.noted = index.notes().time(Stamps.LAST);
    this.notedUnsure = index.notes().time(Stamps.UNSURE);
    this.clock = new TrustedClock(wall, nanos, noted, notedUnsure);
    this.forward = new ForwardClock(wall, nanos, clock, noted.orElseGet(clock::stamp));
    events.listen(listener);
  }

  /** The clock. */
  public TrustedClock clock() {
    return clock;
  }

  /** What links, invitations, codes and sessions end by: it never goes back. */
  public Clock forward() {
    return forward;
  }

  /** Looks how the clock is; to be called every second. */
  public synchronized void look() {
    Optional<Duration> doubt = clock.doubt();
    if (doubt.isPresent()) {
      troubles.begin(KIND, sentence(doubt.get()));
    } else {
      troubles.end(KIND);
    }
    Optional<Instant> unsure = clock.unsureSince();
    if (!unsure.equals(notedUnsure)) {
      unsure.ifPresentOrElse(
          since -> index.notes().put(Stamps.UNSURE, since.toString()),
          () -> index.notes().remove(Stamps.UNSURE));
      notedUnsure = unsure;
    }
    note(NOTED_EVERY);
  }

  /** Notes how late it is, each so often; never that it was earlier. */
  private void note(Duration each) {
    Instant now = forward.reached();
    if (noted.isEmpty() || now.isAfter(noted.get().plus(each))) {
      index.notes().put(Stamps.LAST, now.toString());
      noted = Optional.of(now);
    }
  }

  /** A person says that the wall clock is right: ages count by it from now on. */
  public synchronized void confirm() {
    Settlement settlement = clock.settlement();
    index
        .stamps()
        .settle(settlement.since(), settlement.ahead(), settlement.now(), settlement.unsure());
    clock.settle(settlement);
    forward.settle();
    settled = Optional.of(settlement.now());
    noted = settled;
    notedUnsure = settlement.unsure();
    witnesses.clear();
    look();
  }

  /** Notes how late it is. */
  @Override
  public synchronized void close() {
    events.forget(listener);
    look();
    note(Duration.ZERO);
  }

  private void heard(MasterEvent event) {
    if (event instanceof SegmentStored stored) {
      restamp(stored.segment());
      SegmentManifest manifest = stored.segment().manifest();
      boolean isFromCamera = manifest.closed() != CloseReason.SALVAGED;
      if (isFromCamera && manifest.clock() == ClockState.SYNCED && clock.agrees(manifest.end())) {
        witnessed(manifest);
      }
    }
  }

  /** What was stamped before a doubt was settled, and had no row yet, came now. */
  private synchronized void restamp(StoredSegment segment) {
    Instant now = clock.stamp();
    Instant received = segment.receivedAt();
    if (settled.isPresent()
        && now.isBefore(settled.get().plus(SEALED_ACROSS))
        && (received.isBefore(settled.get()) || received.isAfter(now))) {
      index.stamps().receive(segment.manifest().id(), now);
    }
  }

  private synchronized void witnessed(SegmentManifest manifest) {
    Optional<Instant> unsure = clock.unsureSince();
    if (unsure.isEmpty()) {
      return;
    }
    boolean isMeasured = isMeasured(manifest, unsure.get());
    Optional<Duration> doubt = clock.doubt();
    if (doubt.isEmpty()) {
      witnesses.clear();
    } else if (doubt.get().abs().compareTo(CAMERA_TRUST) <= 0) {
      witnesses.values().removeIf(said -> !isClose(said, doubt.get())); // of another step
      witnesses.put(manifest.id().camera(), doubt.get());
      if (isMeasured || witnesses.size() >= ENOUGH) {
        confirm();
      }
    }
    if (isMeasured) {
      clock.verified();
      look();
    }
  }

  /** Whether the camera's run goes on that the master has footage of which came when it was new. */
  private boolean isMeasured(SegmentManifest manifest, Instant before) {
    String camera = manifest.id().camera();
    return index.stamps().lastBefore(camera, before).stream()
        .filter(s -> isClose(s.manifest().end(), s.receivedAt()))
        .findFirst()
        .map(StoredSegment::manifest)
        .filter(
            m -> m.id().key().equals(manifest.id().key()) && m.id().run() == manifest.id().run())
        .filter(m -> m.clock() == ClockState.SYNCED && m.closed() != CloseReason.SALVAGED)
        .filter(m -> isClose(runStart(m), runStart(manifest)))
        .isPresent();
  }

  /** When its run began: by the wall clock at the segment, and what was measured since. */
  private static Instant runStart(SegmentManifest manifest) {
    return manifest.start().minus(manifest.firstPtsUs(), ChronoUnit.MICROS);
  }

  private static boolean isClose(Instant one, Instant other) {
    return Duration.between(one, other).abs().compareTo(TrustedClock.FRESH) <= 0;
  }

  private static boolean isClose(Duration one, Duration other) {
    return one.minus(other).abs().compareTo(TrustedClock.FRESH) <= 0;
  }

  /** Whole hours, so that a doubt that lasts is told once. */
  private static String sentence(Duration ahead) {
    Duration by = ahead.abs();
    return "the master's clock is "
        + (by.toDays() > 1 ? by.toDays() + " days" : by.toHours() + " h")
        + (ahead.isNegative() ? " behind" : " ahead of")
        + " the time that went by since it was last right"
        + ": until somebody confirms it, or cameras agree, nothing is deleted for its age by it";
  }
}
