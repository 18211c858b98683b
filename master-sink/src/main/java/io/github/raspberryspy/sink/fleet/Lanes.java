package io.github.raspberryspy.sink.fleet;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has work done on one thread, in order, but what is urgent before all that is not: however much
 * one camera has to say, the loss of another waits for nothing but what is under way. Thread-safe.
 */
final class Lanes {

  private static final Logger log = LoggerFactory.getLogger(Lanes.class);

  private final Executor thread;

  @GuardedBy("this")
  private final Deque<Runnable> urgent = new ArrayDeque<>();

  @GuardedBy("this")
  private final Deque<Runnable> others = new ArrayDeque<>();

  /** On this thread. */
  Lanes(Executor thread) {
    this.thread = thread;
  }

  /** Does this before what is not urgent. */
  void urgently(Runnable work) {
    synchronized (this) {
      urgent.add(work);
    }
    wake();
  }

  /** Does this when nothing is urgent. */
  void inTurn(Runnable work) {
    synchronized (this) {
      others.add(work);
    }
    wake();
  }

  private void wake() {
    try {
      thread.execute(this::doNext);
    } catch (RejectedExecutionException e) {
      log.debug("the failsafe has ended", e);
    }
  }

  private void doNext() {
    Runnable work;
    synchronized (this) {
      work = urgent.isEmpty() ? others.poll() : urgent.poll();
    }
    try {
      if (work != null) {
        work.run();
      }
    } catch (RuntimeException e) {
      log.warn("the failsafe failed", e);
    }
  }
}
