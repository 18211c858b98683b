package io.github.raspberryspy.sink.store;

import java.util.concurrent.TimeUnit;

/**
 * What came of earlier looks at an upload at rest, so that it is not read again and again in vain:
 * a failure is tried again at once, and then after pauses that grow to an hour. Thread-safe.
 */
final class Looks {

  private static final long FIRST_PAUSE = TimeUnit.SECONDS.toNanos(5);
  private static final long LONGEST_PAUSE = TimeUnit.HOURS.toNanos(1);

  private long seen = -1;
  private int failures;
  private long pause;
  private long failedAt = System.nanoTime();

  /** Whether a failure is long enough ago. */
  synchronized boolean isDue() {
    return System.nanoTime() - failedAt >= pause;
  }

  /** Whether there is something to find in so many bytes that was not looked at before. */
  synchronized boolean isDue(long bytes) {
    return bytes != seen && isDue();
  }

  /** Nothing plays in so many bytes. */
  synchronized void saw(long bytes) {
    seen = bytes;
  }

  /** Nobody knows what is in it yet. */
  synchronized void failed() {
    failures++;
    pause = failures == 1 ? 0 : Math.min(LONGEST_PAUSE, Math.max(FIRST_PAUSE, 2 * pause));
    failedAt = System.nanoTime();
  }
}
