package io.github.raspberryspy.sink;

import io.github.raspberryspy.segments.Timers;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something that is done again and again, on a thread of its own. Thread-safe. */
final class Chore implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Chore.class);

  private final String name;
  private final Duration patience;
  private final ScheduledExecutorService timer;

  /**
   * Nothing is done yet.
   *
   * @param name of the thread
   * @param patience how long {@link #close} waits for what is being done
   */
  Chore(String name, Duration patience) {
    this.name = name;
    this.patience = patience;
    this.timer = Timers.daemon(name);
  }

  /** Does it after a while, and from then on so long after it was done, whatever it throws. */
  void start(Runnable work, Duration first, Duration pause) {
    var unused =
        timer.scheduleWithFixedDelay(
            () -> attempt(work), first.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Does something else once, after a while; nothing once it is closed. */
  void once(Runnable work, Duration after) {
    try {
      var unused = timer.schedule(() -> attempt(work), after.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("{} has ended", name, e);
    }
  }

  private void attempt(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      log.warn("{} did not come to its end and tries again", name, e);
    }
  }

  @Override
  public void close() {
    timer.shutdown();
    try {
      if (!timer.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("the thread {} did not end within {} s", name, patience.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
