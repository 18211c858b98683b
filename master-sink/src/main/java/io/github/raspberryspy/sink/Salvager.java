package io.github.raspberryspy.sink;

import io.github.raspberryspy.sink.fleet.Fleet;
import io.github.raspberryspy.sink.store.SegmentStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the store salvage what lost cameras had sent and what others have passed over, and end
 * uploads that nobody goes on with. What a camera had sent that was lost just now is looked at at
 * once. On a thread of its own.
 */
final class Salvager implements AutoCloseable {

  /** How long an upload may rest after its camera was lost. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * How long an upload may rest that may wait in a backlog. One that waits for longer is taken all
   * the same, since a segment that its camera cannot get rid of makes a backlog that never ends.
   */
  static final Duration BACKLOG_PATIENCE = Duration.ofDays(1);

  /** How long the upload of a camera may rest that was lost now. */
  static final Duration RUSHED = Duration.ofSeconds(1);

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
    chore.start(() -> look(PATIENCE, BACKLOG_PATIENCE), LOOK, LOOK);
  }

  /**
   * A camera was lost now: what it had sent is made a segment as soon as nothing of it is on its
   * way any more. Should it go on after all, the whole takes the place of that. Returns at once.
   */
  void rush(String camera) {
    chore.once(
        () -> {
          try {
            if (!fleet.heard().contains(camera)) {
              store.salvage(camera::equals, RUSHED);
            }
          } catch (IOException e) {
            log.warn("what camera {} had sent is not salvaged yet: {}", camera, e.getMessage());
          }
        },
        RUSHED);
  }

  /*
   * A camera that is heard sends the segment that it films itself, be it ever so slow. One before
   * that may wait in its backlog, which goes flagged first and newest first, so that an old one
   * waits for all others. But whatever is sealed is counted in each heartbeat until it is verified:
   * where nothing waits, well after the upload came to rest, its camera has the segment no more (a
   * full card, another card). A guess that was wrong costs a copy: the camera finds what was
   * salvaged in a new upload, sends the rest, and the whole takes its place.
   */
  void look(Duration patience, Duration backlogPatience) {
    Set<String> heard = fleet.heard();
    try {
      store.salvage(camera -> !heard.contains(camera), patience);
      store.salvagePassedOver(camera -> patience(camera, patience, backlogPatience));
      store.expire(expiry);
    } catch (IOException | RuntimeException e) {
      log.warn("uploads at rest were not looked at: {}", e.getMessage());
    }
  }

  private Duration patience(String camera, Duration patience, Duration backlogPatience) {
    return fleet
        .sinceNothingWaited(camera)
        .map(patience::plus)
        .filter(rest -> rest.compareTo(backlogPatience) < 0)
        .orElse(backlogPatience);
  }

  @Override
  public void close() {
    chore.close();
  }
}
