package io.github.raspberryspy.segments;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Threads that do something again and again. */
public final class Timers {

  private Timers() {}

  /**
   * One thread, which does not keep the process alive; it begins with the first work.
   *
   * @param name of the thread
   */
  public static ScheduledExecutorService daemon(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        work -> {
          Thread thread = new Thread(work, name);
          thread.setDaemon(true);
          return thread;
        });
  }
}
