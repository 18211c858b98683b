package io.github.raspberryspy.upload;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where the thread {@code upload} waits, and what others tell it: that there is something new, that
 * somebody waits for the end, that it shall stop. Thread-safe.
 */
final class Bell {

  /** Longest pause while somebody waits for the end. */
  private static final Duration HURRIED = Duration.ofSeconds(1);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition rung = lock.newCondition();

  @GuardedBy("lock")
  private boolean poked;

  @GuardedBy("lock")
  private boolean reachable;

  @GuardedBy("lock")
  private int waiters;

  @GuardedBy("lock")
  private boolean stopped;

  @GuardedBy("lock")
  private long scansAsked;

  @GuardedBy("lock")
  private long scansDone;

  @GuardedBy("lock")
  private Backlog backlog = new Backlog(0, 0);

  @GuardedBy("lock")
  private boolean done;

  /** There may be something new. */
  void poke() {
    lock.lock();
    try {
      poked = true;
      rung.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The master is there again: a pause after a failure is over. */
  void reachable() {
    lock.lock();
    try {
      reachable = true;
      rung.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends every wait, now and later. */
  void stop() {
    lock.lock();
    try {
      stopped = true;
      rung.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isStopped() {
    lock.lock();
    try {
      return stopped;
    } finally {
      lock.unlock();
    }
  }

  /** Takes a poke back that came since the last call. */
  boolean takePoke() {
    lock.lock();
    try {
      boolean was = poked;
      poked = false;
      return was;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a poke. */
  void awaitPoke(Duration most) throws InterruptedException {
    await(most, true);
  }

  /**
   * Waits out a pause after a failure. A poke does not shorten it; somebody who waits for the end
   * does, and that the master took something meanwhile.
   */
  void pause(Duration pause) throws InterruptedException {
    await(pause, false);
  }

  private void await(Duration most, boolean untilPoke) throws InterruptedException {
    lock.lock();
    try {
      long begin = System.nanoTime();
      long left = left(most, begin);
      reachable = false;
      while (!stopped && !(untilPoke ? poked : reachable) && left > 0) {
        rung.awaitNanos(left);
        left = left(most, begin);
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private long left(Duration most, long begin) {
    Duration limit = waiters > 0 && most.compareTo(HURRIED) > 0 ? HURRIED : most;
    return limit.toNanos() - (System.nanoTime() - begin);
  }

  /** A scan of the spool begins. Returns its ticket for {@link #scanned}. */
  long scanning() {
    lock.lock();
    try {
      return scansAsked;
    } finally {
      lock.unlock();
    }
  }

  /** A scan has ended with this; done if there is nothing among it that may be sent. */
  void scanned(long ticket, Backlog found, boolean isDone) {
    lock.lock();
    try {
      scansDone = Math.max(scansDone, ticket);
      backlog = found;
      done = isDone;
      rung.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The backlog changed. */
  void changed(Backlog now, boolean isDone) {
    lock.lock();
    try {
      backlog = now;
      done = isDone;
      rung.signalAll();
    } finally {
      lock.unlock();
    }
  }

  Backlog backlog() {
    lock.lock();
    try {
      return backlog;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until a scan that began after this call, and what it found, is done. */
  boolean awaitEmpty(Duration most) throws InterruptedException {
    lock.lock();
    try {
      waiters++;
      poked = true;
      rung.signalAll();
      try {
        return awaitEmpty(++scansAsked, most.toNanos());
      } finally {
        waiters--;
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private boolean awaitEmpty(long ticket, long nanos) throws InterruptedException {
    long left = nanos;
    while (scansDone < ticket || !done) {
      if (stopped || left <= 0) {
        return false;
      }
      left = rung.awaitNanos(left);
    }
    return true;
  }
}
