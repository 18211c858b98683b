package io.github.raspberryspy.sink;

import io.github.raspberryspy.sink.fleet.Fleet;
import io.github.raspberryspy.sink.store.SegmentStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the store salvage what lost cameras had sent, and end uploads that nobody goes on with. A
 * camera that is back within {@link #PATIENCE} goes on with its uploads instead. On a thread of its
 * own.
 */
final class Salvager implements AutoCloseable {

  /** How long an upload may rest after its camera was lost. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Logger log = LoggerFactory.getLogger(Salvager.class);
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final Fleet fleet;
  private final SegmentStore store;
  private final Duration expiry;
  private final Chore chore = new Chore("master-salvage", Duration.ofSeconds(30));

  /**
   * Does nothing before it is started.
   *
   * @param expiry how long an upload may rest, whoever is heard
   */
  Salvager(Fleet fleet, SegmentStore store, Duration expiry) {
    this.fleet = fleet;
    this.store = store;
    this.expiry = expiry;
  }

  void start() {
    chore.start(() -> look(PATIENCE), LOOK, LOOK);
  }

  /** A camera that films and is heard sends its open segment itself, be it ever so slow. */
  void look(Duration patience) {
    Set<String> heard = fleet.heard();
    try {
      store.salvage(camera -> !heard.contains(camera), patience);
      store.expire(expiry);
    } catch (IOException | RuntimeException e) {
      log.warn("uploads at rest were not looked at: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    chore.close();
  }
}
