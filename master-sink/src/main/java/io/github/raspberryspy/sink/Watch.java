package io.github.raspberryspy.sink;

import io.github.raspberryspy.sink.event.Troubles;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.retention.ClockWatch;
import io.github.raspberryspy.sink.store.FootageIdentity;
import java.time.Duration;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every second whether the footage's disk is there, the index to be had and the clock right.
 * Thread-safe.
 */
final class Watch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Watch.class);
  private static final String AWAY = "footage-away";
  private static final String INDEX_AWAY = "index-away";
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final FootageIdentity identity;
  private final SegmentIndex index;
  private final Troubles troubles;
  private final ClockWatch clock;
  private final Chore chore = new Chore("master-watch", Duration.ofSeconds(10));

  /** Not looking yet. */
  Watch(FootageIdentity identity, SegmentIndex index, Troubles troubles, ClockWatch clock) {
    this.identity = identity;
    this.index = index;
    this.troubles = troubles;
    this.clock = clock;
  }

  void start() {
    chore.start(this::look, Duration.ZERO, LOOK);
  }

  @Override
  public void close() {
    chore.close();
  }

  private void look() {
    if (!identity.isHere()) {
      troubles.begin(AWAY, identity.complaint());
      return; // what lies on that disk, the index with it, is left alone
    }
    troubles.end(AWAY);
    try {
      index.isComplete();
      clock.look();
      troubles.end(INDEX_AWAY);
    } catch (JdbiException e) {
      log.warn("the index was not to be had: {}", e.getMessage());
      troubles.begin(
          INDEX_AWAY,
          "the database of the index cannot be used now: cameras keep what they film until it can");
    }
  }
}
