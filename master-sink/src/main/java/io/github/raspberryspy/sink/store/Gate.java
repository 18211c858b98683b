package io.github.raspberryspy.sink.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.TimeUnit;

/** Lets work in until it is shut, and then waits for what is inside. Thread-safe. */
final class Gate {

  @GuardedBy("this")
  private int inside;

  @GuardedBy("this")
  private boolean shut;

  /** Lets the caller in, who calls {@link #leave} when done. */
  synchronized void enter() {
    if (shut) {
      throw new StoreException(StoreException.Kind.CLOSING, "the master is stopping");
    }
    inside++;
  }

  /** Lets nobody in any more, and waits for those inside. Returns whether all have left. */
  synchronized boolean shut(long seconds) throws InterruptedException {
    shut = true;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (inside > 0) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  synchronized void leave() {
    inside--;
    notifyAll();
  }
}
