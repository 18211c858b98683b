package io.github.raspberryspy.upload.control;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.segments.wire.LinkMessage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the link has to say beside heartbeats, and where its thread waits. Bounded: where it is
 * full, the oldest goes and is counted. Offering never blocks on anything but this short lock.
 * Thread-safe.
 */
final class Outbox {

  /** Most messages that wait for a connection. */
  static final int CAPACITY = 64;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private final Deque<LinkMessage> waiting = new ArrayDeque<>();

  @GuardedBy("lock")
  private long dropped;

  @GuardedBy("lock")
  private boolean stopped;

  @GuardedBy("lock")
  private boolean woken;

  void offer(LinkMessage message) {
    lock.lock();
    try {
      makeRoom();
      waiting.addLast(message);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes one back in front that could not be sent. */
  void putBack(LinkMessage message) {
    lock.lock();
    try {
      if (waiting.size() < CAPACITY) {
        waiting.addFirst(message);
      } else {
        dropped++;
      }
    } finally {
      lock.unlock();
    }
  }

  Optional<LinkMessage> poll() {
    lock.lock();
    try {
      return Optional.ofNullable(waiting.pollFirst());
    } finally {
      lock.unlock();
    }
  }

  long dropped() {
    lock.lock();
    try {
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
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

  /** Something else happened that the waiting thread should look at. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is a message, somebody wakes it, or the time is over. */
  void await(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (left > 0 && !stopped && !woken && waiting.isEmpty()) {
        left = changed.awaitNanos(left);
      }
      woken = false;
    } finally {
      lock.unlock();
    }
  }

  /** Waits out a pause; only {@link #stop} shortens it. */
  void pause(Duration pause) throws InterruptedException {
    lock.lock();
    try {
      long left = pause.toNanos();
      while (!stopped && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void makeRoom() {
    if (waiting.size() >= CAPACITY) {
      waiting.removeFirst();
      dropped++;
    }
  }
}
