package io.github.raspberryspy.camera;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** The threads of one run, all but the capturing one. Thread-safe. */
final class RunThreads {

  private final String camera;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final List<Thread> foreign = new CopyOnWriteArrayList<>();

  RunThreads(String camera) {
    this.camera = camera;
  }

  /** Starts one that is named after its role. */
  Thread start(String role, Runnable work) {
    Thread thread = new Thread(work, role + camera);
    threads.add(thread);
    thread.start();
    return thread;
  }

  /** Starts one that runs somebody else's code alone: nobody waits for it in the end. */
  Thread startForeign(String role, Runnable work) {
    Thread thread = new Thread(work, role + camera);
    thread.setDaemon(true);
    foreign.add(thread);
    thread.start();
    return thread;
  }

  boolean contains(Thread thread) {
    return threads.contains(thread) || foreign.contains(thread);
  }

  /** Waits for all but these. */
  void joinAllBut(Thread except, Thread other) {
    for (Thread thread : threads) {
      while (thread != except && thread != other && thread.isAlive()) {
        join(thread, Duration.ofHours(1));
      }
    }
  }

  /** Waits for all but this one, so long at the most. */
  void joinAllBut(Thread except, Duration most) {
    long end = System.nanoTime() + most.toNanos();
    for (Thread thread : threads) {
      if (thread != except) {
        join(thread, Duration.ofNanos(Math.max(0, end - System.nanoTime())));
      }
    }
  }

  /** Waits for one, so long at the most. An interrupt is kept and does not shorten it. */
  static void join(Thread thread, Duration most) {
    boolean interrupted = false;
    long end = System.nanoTime() + most.toNanos();
    long left = most.toNanos();
    while (thread.isAlive() && left > 0) {
      try {
        thread.join(Math.max(1, left / 1_000_000));
      } catch (InterruptedException e) {
        interrupted = true; // what was captured is sealed first
      }
      left = end - System.nanoTime();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Those that have not ended, each with the call that it is in; empty where all have. */
  String hanging() {
    return threads.stream()
        .filter(Thread::isAlive)
        .map(RunThreads::where)
        .collect(Collectors.joining(", "));
  }

  /** A thread and the call that it is in. */
  static String where(Thread thread) {
    StackTraceElement[] stack = thread.getStackTrace();
    return thread.getName() + (stack.length == 0 ? "" : " in " + stack[0]);
  }
}
