package io.github.raspberryspy.motion;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread, {@code motion-watch}, that looks after all detectors of the process. */
final class MotionWatch {

  private static final Logger log = LoggerFactory.getLogger(MotionWatch.class);

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
   * not count. It must not block; what it throws is logged, and it is called again.
   */
  static Future<?> everySecond(Runnable task) {
    return WATCH.scheduleWithFixedDelay(() -> tryTo(task), 1, 1, TimeUnit.SECONDS);
  }

  /** As where a thread is refused: the executor calls nobody again who has thrown. */
  private static void tryTo(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      log.warn("a detection could not be looked after; it is tried again", e);
    }
  }
}
