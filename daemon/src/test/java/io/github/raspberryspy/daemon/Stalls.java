package io.github.raspberryspy.daemon;

import io.github.raspberryspy.segments.Timers;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Measures for how long the machine let a thread wait that was due every 10 ms. */
final class Stalls implements AutoCloseable {

  private static final long EACH_MILLIS = 10;

  private final ScheduledExecutorService timer = Timers.daemon("stalls");
  private final AtomicLong longestNanos = new AtomicLong();
  private long lastNanos = System.nanoTime(); // of the timer

  Stalls() {
    var unused =
        timer.scheduleWithFixedDelay(this::look, EACH_MILLIS, EACH_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    long late = System.nanoTime() - lastNanos - TimeUnit.MILLISECONDS.toNanos(EACH_MILLIS);
    longestNanos.accumulateAndGet(late, Math::max);
    lastNanos = System.nanoTime();
  }

  /** The longest stall so far. */
  Duration longest() {
    return Duration.ofNanos(longestNanos.get());
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
