package io.github.raspberryspy.camera.record;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * How many bytes a day go to a disk: those of the last 24 hours, or of the time since the start
 * reckoned up to a day. A card wears out by what is written to it. Thread-safe.
 */
final class WriteRate {

  private static final long HOUR = Duration.ofHours(1).toNanos();
  private static final int HOURS = 24;

  /** Fragments come by the second: before that, a rate says nothing. */
  private static final long LEAST = Duration.ofMinutes(1).toNanos();

  private final long startNanos;

  @GuardedBy("this")
  private final long[] hours = new long[HOURS]; // a ring

  @GuardedBy("this")
  private long hour; // the current one's number since the start

  /**
   * From now on.
   *
   * @param nowNanos by a clock as {@link System#nanoTime}, as everywhere here
   */
  WriteRate(long nowNanos) {
    startNanos = nowNanos;
  }

  /** So many bytes were written. */
  synchronized void add(long bytes, long nowNanos) {
    turn(nowNanos);
    hours[(int) (hour % HOURS)] += bytes;
  }

  /** Bytes a day; empty within the first minute. */
  synchronized OptionalLong bytesADay(long nowNanos) {
    turn(nowNanos);
    long since = startNanos + Math.max(0, hour - HOURS + 1) * HOUR;
    long span = nowNanos - since;
    if (span < LEAST) {
      return OptionalLong.empty();
    }
    double bytes = Arrays.stream(hours).sum();
    return OptionalLong.of(Math.round(bytes / span * HOUR * HOURS));
  }

  @GuardedBy("this")
  private void turn(long nowNanos) {
    long now = (nowNanos - startNanos) / HOUR;
    for (long next = Math.max(hour, now - HOURS) + 1; next <= now; next++) {
      hours[(int) (next % HOURS)] = 0;
    }
    hour = Math.max(hour, now);
  }
}
