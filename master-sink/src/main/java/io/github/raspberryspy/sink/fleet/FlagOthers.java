package io.github.raspberryspy.sink.fleet;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.segments.wire.LinkCommand;
import io.github.raspberryspy.sink.event.MasterEvent;
import io.github.raspberryspy.sink.event.MasterEvent.MotionReported;
import io.github.raspberryspy.sink.index.CameraClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * While something moves at some cameras, the others flag what they film, each at most once in
 * {@link #PAUSE}, whoever sees how much. What was flagged so is no motion, so it spreads no
 * further. Thread-safe.
 */
public final class FlagOthers implements Consumer<MasterEvent> {

  /** Stands for every camera. */
  public static final String ALL = "*";

  static final Duration PAUSE = Duration.ofSeconds(10);

  private final Fleet fleet;
  private final Set<String> cameras;
  private final LongSupplier nanos;
  private final InstantSource clock;

  @GuardedBy("this")
  private final Map<String, Long> flagged = new HashMap<>(); // nanoseconds, by camera

  /**
   * One that does nothing before it hears events.
   *
   * @param cameras at which something moves; {@link #ALL} for each
   */
  public FlagOthers(Fleet fleet, Set<String> cameras, LongSupplier nanos, InstantSource clock) {
    this.fleet = fleet;
    this.cameras = Set.copyOf(cameras);
    this.nanos = nanos;
    this.clock = clock;
  }

  @Override
  public void accept(MasterEvent event) {
    if (event instanceof MotionReported motion
        && !motion.ended()
        && (cameras.contains(ALL) || cameras.contains(motion.camera()))
        && isOfNow(motion)) {
      for (String other : fleet.heard()) {
        if (!other.equals(motion.camera()) && isDue(other)) {
          var unused =
              fleet.send(other, new LinkCommand.Flag(LinkCommand.newId(), motion.camera()));
        }
      }
    }
  }

  /**
   * What was kept while the camera had no link is told late, when the others film something else.
   */
  private boolean isOfNow(MotionReported motion) {
    Instant now = clock.instant();
    Instant until = motion.span().end().minus(fleet.clockOffset(motion.camera()));
    return !CameraClock.knows(until, now) || until.plus(PAUSE).isAfter(now);
  }

  private synchronized boolean isDue(String camera) {
    long now = nanos.getAsLong();
    Long last = flagged.get(camera);
    boolean isDue = last == null || now - last >= PAUSE.toNanos();
    if (isDue) {
      flagged.put(camera, now);
    }
    return isDue;
  }
}
