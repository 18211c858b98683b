package io.github.raspberryspy.camera;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A steady clock that stands still until it is hurried: then each look at it takes half a second.
 */
final class HastyClock implements LongSupplier {
  private long nanos;
  private long looks;
  private volatile boolean hurried;

  @Override
  public synchronized long getAsLong() {
    nanos += hurried ? 500_000_000 : 0;
    looks++;
    notifyAll();
    return nanos;
  }

  /** Waits until it is looked at, or there is nobody any more who would. */
  synchronized void awaitLook() {
    long before = looks;
    long end = System.nanoTime() + 1_000_000_000;
    try {
      while (looks == before && System.nanoTime() - end < 0) {
        wait(100);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  synchronized void pass(Duration time) {
    nanos += time.toNanos();
  }

  void hurry() {
    hurried = true;
  }

  void calm() {
    hurried = false;
  }
}
