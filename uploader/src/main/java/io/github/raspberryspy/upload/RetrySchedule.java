package io.github.raspberryspy.upload;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next try: random, below a ceiling that doubles with each failure
 * ("full jitter"), so that many cameras do not return to a restarted master in step.
 *
 * <p>Not thread-safe: each thread has its own.
 */
public final class RetrySchedule {

  private final Duration first;
  private final Duration most;
  private final DoubleSupplier random;
  private int failures;

  /**
   * Starts at the first ceiling.
   *
   * @param first the first ceiling, above 0; no pause is shorter than a tenth of it
   * @param most the last ceiling, at least {@code first}
   * @param random from 0 to 1
   */
  public RetrySchedule(Duration first, Duration most, DoubleSupplier random) {
    if (first.isNegative() || first.isZero() || most.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "pauses of " + first + " to " + most + " are not above 0 and rising");
    }
    this.first = first;
    this.most = most;
    this.random = random;
  }

  /** Counts a failure. Returns how long to wait after it. */
  public Duration next() {
    long ceiling = most.toNanos();
    if (failures < 62 && first.toNanos() <= ceiling >> failures) {
      ceiling = first.toNanos() << failures;
    }
    failures++;
    long floor = first.toNanos() / 10;
    double share = Math.min(1, Math.max(0, random.getAsDouble()));
    return Duration.ofNanos(floor + (long) ((ceiling - floor) * share));
  }

  /** Something worked: the next pause is short again. */
  public void reset() {
    failures = 0;
  }
}
