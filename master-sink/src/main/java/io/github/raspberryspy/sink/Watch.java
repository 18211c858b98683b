package io.github.raspberryspy.sink;

import io.github.raspberryspy.sink.event.Troubles;
import io.github.raspberryspy.sink.retention.ClockWatch;
import io.github.raspberryspy.sink.store.FootageIdentity;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every second whether the footage's disk is there and the clock right. Thread-safe. */
final class Watch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Watch.class);
  private static final String AWAY = "footage-away";
  private static final long LOOK_MILLIS = 1_000;

  private final FootageIdentity identity;
  private final Troubles troubles;
  private final ClockWatch clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread t = new Thread(work, "master-watch");
            t.setDaemon(true);
            return t;
          });

  /** Not looking yet. */
  Watch(FootageIdentity identity, Troubles troubles, ClockWatch clock) {
    this.identity = identity;
    this.troubles = troubles;
    this.clock = clock;
  }

  void start() {
    var unused = timer.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    timer.shutdown();
    try {
      if (!timer.awaitTermination(10, TimeUnit.SECONDS)) {
        log.warn("the watch is stuck");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    if (!identity.isHere()) {
      troubles.begin(AWAY, identity.complaint());
      return; // what lies on that disk, the index with it, is left alone
    }
    troubles.end(AWAY);
    try {
      clock.look();
    } catch (JdbiException e) {
      log.warn("the time was not noted: {}", e.getMessage());
    }
  }
}
