package io.github.raspberryspy.upload;

import java.util.concurrent.TimeUnit;

/**
 * How much may be sent within a time: each sending says its bytes and hears how long it has to wait
 * for those before it. What was not used is not saved up. Not thread-safe.
 */
final class RateLimit {

  private final long bytesPerSecond;
  private boolean isBusy;
  private long freeAt;

  /**
   * A limit.
   *
   * @param bytesPerSecond at least 1; 0 for none
   */
  RateLimit(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Bytes that half a second of it carries; very many where there is no limit. */
  long halfASecond() {
    return bytesPerSecond == 0 ? Long.MAX_VALUE : Math.max(1, bytesPerSecond / 2);
  }

  /**
   * Takes its share.
   *
   * @param nanos the time now, of a clock as {@link System#nanoTime}
   * @return how many nanoseconds from now on the sending has to wait; 0 for none
   */
  long reserve(long bytes, long nanos) {
    if (bytesPerSecond == 0) {
      return 0;
    }
    long begin = isBusy && freeAt - nanos > 0 ? freeAt : nanos;
    isBusy = true;
    freeAt = begin + (long) ((double) bytes / bytesPerSecond * TimeUnit.SECONDS.toNanos(1));
    return begin - nanos;
  }
}
