package io.github.raspberryspy.camera.record;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.segments.spool.UnusableSpoolException;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The spool on the disk, which may be read-only or absent when a camera starts: it is locked and
 * recovered as soon as the disk lets it be, before anything is recorded into it. Thread-safe.
 */
final class Card implements Closeable {

  private static final Logger log = LoggerFactory.getLogger(Card.class);

  private final Spool spool;
  private final Consumer<String> alerts;

  @GuardedBy("this")
  private Closeable lock = () -> {};

  private volatile boolean isReady; // set once

  Card(Spool spool, Consumer<String> alerts) {
    this.spool = spool;
    this.alerts = alerts;
  }

  /** One that whoever made it has recovered. */
  static Card ready(Spool spool, Consumer<String> alerts) {
    Card card = new Card(spool, alerts);
    card.isReady = true;
    return card;
  }

  Spool spool() {
    return spool;
  }

  /** Whether it can be recorded into, as long as the disk works. */
  boolean isReady() {
    return isReady;
  }

  /**
   * Makes it ready, if it is not. What recovery fails on holds nothing up: it is told, and left for
   * the next start.
   *
   * @throws UnusableSpoolException if a person must do something about it
   * @throws IOException if the disk fails
   */
  synchronized void prepare() throws IOException {
    if (isReady) {
      return;
    }
    spool.prepare();
    lock = spool.lockForRecording();
    try {
      SpoolRecovery.recover(spool);
      spool.removeEmptyDays();
    } catch (IOException e) {
      log.warn("{} is not recovered", spool.folder(), e);
      alerts.accept(
          "what a crash left in "
              + spool.folder()
              + " waits for the next start: "
              + e.getMessage());
    }
    isReady = true;
  }

  /** Until when there is footage, as far as the disk tells. */
  Optional<Instant> recordedUntil() {
    try {
      return spool.state().recordedUntil();
    } catch (IOException e) {
      log.debug("{} does not tell how far it recorded", spool.folder(), e);
      return Optional.empty();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    lock.close();
  }
}
