package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.supervise.CameraFault;
import io.github.raspberryspy.camera.supervise.CameraFault.Kind;
import io.github.raspberryspy.camera.supervise.RunProgress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The stalls of one camera so far: the second within ten minutes is an alert. For one thread. */
final class StallLog {

  private static final Duration ALERT = Duration.ofMinutes(10);

  private final String camera;
  private final Duration after;
  private final Map<Kind, Long> lastNanos = new EnumMap<>(Kind.class);
  private Optional<Kind> open = Optional.empty();
  private RunProgress stalled;
  private long valueThen;
  private long count;

  StallLog(String camera, Duration after) {
    this.camera = camera;
    this.after = after;
  }

  long count() {
    return count;
  }

  /** A stall of this run was found. */
  CameraFault begin(Kind kind, RunProgress run, long nowNanos) {
    count++;
    open = Optional.of(kind);
    stalled = run;
    valueThen = value(kind, run);
    Long last = lastNanos.put(kind, nowNanos);
    boolean isAlert = last != null && nowNanos - last <= ALERT.toNanos();
    String sentence = subject(kind) + " has given nothing for " + after.toMillis() / 1000.0 + " s";
    return new CameraFault(
        kind,
        false,
        isAlert,
        isAlert ? sentence + ", again within " + ALERT.toMinutes() + " minutes" : sentence);
  }

  /** Whether the latest stall is not over. */
  boolean isOpen() {
    return open.isPresent();
  }

  /** The end of the latest stall, once this run, the same or the next, has given something. */
  Optional<CameraFault> end(RunProgress run) {
    Optional<Kind> over = open.filter(kind -> value(kind, run) > (run == stalled ? valueThen : 0));
    if (over.isPresent()) {
      open = Optional.empty();
    }
    return over.map(kind -> new CameraFault(kind, true, false, subject(kind) + " works again"));
  }

  private static long value(Kind kind, RunProgress run) {
    return kind == Kind.ENCODER_STALLED ? run.packetsGiven() : run.deliveries();
  }

  private String subject(Kind kind) {
    return (kind == Kind.ENCODER_STALLED ? "the encoder of camera " : "camera ") + camera;
  }
}
