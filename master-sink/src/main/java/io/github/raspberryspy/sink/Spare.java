package io.github.raspberryspy.sink;

import io.github.raspberryspy.sink.store.SpareRoom;
import io.github.raspberryspy.sink.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after the spare room on the footage folder's disk, on a thread of its own. */
final class Spare implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Spare.class);
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final SpareRoom room;
  private final Chore chore = new Chore("master-spare", Duration.ofSeconds(30));
  private boolean isTold; // by one thread after the other

  Spare(SpareRoom room) {
    this.room = room;
  }

  /** Goes on looking; whenever the room was given up, this is called. */
  void start(Runnable givenUp) {
    chore.start(
        () -> {
          if (look()) {
            givenUp.run();
          }
        },
        LOOK,
        LOOK);
  }

  /** Looks now. Returns whether the room was given up. */
  boolean look() {
    try {
      boolean isGivenUp = room.look();
      if (isGivenUp) {
        log.warn("the disk is full: the master's spare room on it was given up to make more");
      }
      isTold = false;
      return isGivenUp;
    } catch (IOException | StoreException e) {
      if (!isTold) {
        log.warn("the spare room on the disk was not looked after: {}", e.getMessage());
        isTold = true;
      }
      return false;
    }
  }

  @Override
  public void close() {
    chore.close();
  }
}
