package io.github.raspberryspy.camera.source;

import java.util.concurrent.locks.LockSupport;

/** The time by which a source runs, and a wait that another thread can end. */
interface TestPatternTicker {

  /** As {@link System#nanoTime}. */
  long nanoTime();

  /**
   * Waits for so long, on the source's thread; may return before, does once {@link #wake} is
   * called.
   */
  void await(long nanos);

  /** Ends the wait, and every later one. Thread-safe. */
  void wake();

  /** By the system's clock. */
  static TestPatternTicker system() {
    return new TestPatternTicker() {
      private volatile Thread waiter;
      private volatile boolean woken;

      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      public void await(long nanos) {
        waiter = Thread.currentThread();
        if (!woken) {
          LockSupport.parkNanos(this, nanos);
        }
      }

      @Override
      public void wake() {
        woken = true;
        LockSupport.unpark(waiter);
      }
    };
  }
}
