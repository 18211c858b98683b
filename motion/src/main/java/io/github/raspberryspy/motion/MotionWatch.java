package io.github.raspberryspy.motion;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The one thread, {@code motion-watch}, that looks after all detectors of the process. */
final class MotionWatch {

  private static final ScheduledThreadPoolExecutor WATCH =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "motion-watch");
            thread.setDaemon(true);
            return thread;
          });

  static {
    WATCH.setRemoveOnCancelPolicy(true);
    WATCH.setKeepAliveTime(1, TimeUnit.SECONDS);
    WATCH.allowCoreThreadTimeOut(true); // nobody to look after, no thread
  }

  private MotionWatch() {}

  /**
   * Calls this once a second, with a pause of a second: time in which the process stood still does
   * not count. It must not block.
   */
  static Future<?> everySecond(Runnable task) {
    return WATCH.scheduleWithFixedDelay(task, 1, 1, TimeUnit.SECONDS);
  }
}
