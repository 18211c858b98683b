package io.github.raspberryspy.camera;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The pause between two tries to open a source: 1 s at first, doubled each time up to 30 s. A
 * device that had gone and is back ends it at once, and the pauses begin anew.
 *
 * <p>For one thread.
 */
final class RetryPause {

  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofMillis(500);

  private final CountDownLatch stopSignal;
  private final Duration first;
  private Duration next;

  RetryPause(CountDownLatch stopSignal) {
    this(stopSignal, FIRST);
  }

  RetryPause(CountDownLatch stopSignal, Duration first) {
    this.stopSignal = stopSignal;
    this.first = first;
    this.next = first;
  }

  /** Begins anew: the source has worked. */
  void reset() {
    next = first;
  }

  /**
   * Waits.
   *
   * @param deviceNode the file that is there while the device is
   * @return whether the wait ended because of the stop signal
   */
  boolean await(Optional<Path> deviceNode) throws InterruptedException {
    long end = System.nanoTime() + next.toNanos();
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    boolean hadGone = hasGone(deviceNode);
    long left = end - System.nanoTime();
    while (left > 0) {
      if (stopSignal.await(Math.min(left, LOOK.toNanos()), TimeUnit.NANOSECONDS)) {
        return true;
      }
      boolean hasGone = hasGone(deviceNode);
      if (hadGone && !hasGone) {
        reset();
        return false;
      }
      hadGone = hasGone;
      left = end - System.nanoTime();
    }
    return stopSignal.getCount() == 0;
  }

  private static boolean hasGone(Optional<Path> deviceNode) {
    return deviceNode.isPresent() && !Files.exists(deviceNode.get());
  }
}
