package io.github.raspberryspy.upload;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * How fast a count grows, as those see it who read it now and then: over the half minute before.
 * Thread-safe.
 */
final class Speed {

  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long LEAST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private record Sample(long count, long nanos) {}

  private final Deque<Sample> samples = new ArrayDeque<>();

  /**
   * Notes the count and says how much it grew a second; empty until it was read a second ago.
   *
   * @param nanos the time now, of a clock as {@link System#nanoTime}
   */
  synchronized OptionalLong read(long count, long nanos) {
    if (samples.isEmpty() || nanos - samples.getLast().nanos >= LEAST_NANOS) {
      samples.addLast(new Sample(count, nanos));
    }
    while (samples.size() > 2 && nanos - samples.getFirst().nanos > WINDOW_NANOS) {
      samples.removeFirst();
    }
    Sample oldest = samples.getFirst();
    long elapsed = nanos - oldest.nanos;
    return elapsed < LEAST_NANOS
        ? OptionalLong.empty()
        : OptionalLong.of(
            (long) ((double) (count - oldest.count) / elapsed * TimeUnit.SECONDS.toNanos(1)));
  }
}
