package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.supervise.CameraFault;
import io.github.raspberryspy.camera.supervise.CameraFault.Kind;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Notices that a sink does not return, and that it has. Lives as long as its pipeline. {@link
 * #sinks} and {@link #isAnyBusy} are thread-safe; all else is for {@code supervise-CAMERA}, which
 * looks several times a second.
 */
final class SinkWatch {

  /** What one look may add: time in which nobody looked is not held against a sink. */
  private static final long LONGEST_STEP_NANOS = 500_000_000;

  private final String camera;
  private final Duration patience;
  private final InstantSource clock;
  private final List<WatchedSink> sinks;
  private final List<Held> all = new ArrayList<>();
  private boolean hasLooked;
  private long lookedNanos;

  /** How long one has been in the call that it is in. */
  private static final class Held {
    private final WatchedSink sink;
    private long turn;
    private long nanos;
    private boolean isTold;

    Held(WatchedSink sink) {
      this.sink = sink;
    }
  }

  /**
   * A watch over these.
   *
   * @param patience how long a call may take; 0 for ever
   * @param clock the wall clock, for what people read
   */
  SinkWatch(String camera, List<FrameSink> sinks, Duration patience, InstantSource clock) {
    this.camera = camera;
    this.patience = patience;
    this.clock = clock;
    this.sinks = sinks.stream().map(WatchedSink::new).toList();
    this.sinks.forEach(sink -> all.add(new Held(sink)));
  }

  List<WatchedSink> sinks() {
    return sinks;
  }

  /** Whether some sink is in a call right now. */
  boolean isAnyBusy() {
    return sinks.stream().anyMatch(WatchedSink::isBusy);
  }

  /** Looks once. Returns what has begun or ended since the last look. */
  List<CameraFault> look(long nowNanos) {
    long step = hasLooked ? Math.min(nowNanos - lookedNanos, LONGEST_STEP_NANOS) : 0;
    hasLooked = true;
    lookedNanos = nowNanos;
    List<CameraFault> changes = new ArrayList<>();
    for (Held held : all) {
      look(held, step, changes);
    }
    return changes;
  }

  /** Whether a sink is so late that a camera which waits for it must not be waited for. */
  boolean isHeldUp() {
    return all.stream().anyMatch(held -> held.isTold);
  }

  private void look(Held held, long step, List<CameraFault> changes) {
    long turn = held.sink.turn();
    boolean isInSameCall = held.sink.isBusy() && turn == held.turn;
    held.turn = turn;
    held.nanos = isInSameCall ? held.nanos + step : 0;
    boolean isLate = isInSameCall && !patience.isZero() && held.nanos >= patience.toNanos();
    if (isLate != held.isTold) {
      held.isTold = isLate;
      changes.add(isLate ? begun(held) : over(held));
    }
  }

  private CameraFault begun(Held held) {
    String sentence =
        subject(held)
            + " has not returned since "
            + clock.instant().minusNanos(held.nanos).truncatedTo(ChronoUnit.SECONDS)
            + ": it is shown nothing until it does";
    return new CameraFault(Kind.SINK_STALLED, false, true, sentence);
  }

  private CameraFault over(Held held) {
    return new CameraFault(Kind.SINK_STALLED, true, false, subject(held) + " has returned");
  }

  private String subject(Held held) {
    return "sink " + held.sink.name() + " of camera " + camera;
  }
}
