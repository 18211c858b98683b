package io.github.raspberryspy.segments;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** Threads that do something again and again. */
public final class Timers {

  private Timers() {}

  /**
   * One thread, which does not keep the process alive; it begins with the first work. Once it is
   * shut down, what was put off is not done any more.
   *
   * @param name of the thread
   */
  public static ScheduledExecutorService daemon(String name) {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, name);
              thread.setDaemon(true);
              return thread;
            });
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return timer;
  }
}
