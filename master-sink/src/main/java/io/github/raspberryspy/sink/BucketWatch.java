package io.github.raspberryspy.sink;

import io.github.raspberryspy.sink.event.Troubles;
import io.github.raspberryspy.sink.store.FootageFiles;
import java.time.Duration;

/** Looks again and again whether the bucket can be reached, and is the one. Thread-safe. */
final class BucketWatch implements AutoCloseable {

  private static final String AWAY = "bucket-away";
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final FootageFiles files;
  private final Troubles troubles;
  private final Chore chore = new Chore("master-bucket", Duration.ofSeconds(10));

  /** Not looking yet. */
  BucketWatch(FootageFiles files, Troubles troubles) {
    this.files = files;
    this.troubles = troubles;
  }

  void start() {
    chore.start(this::look, Duration.ZERO, LOOK);
  }

  private void look() {
    if (files.isHere()) {
      troubles.end(AWAY);
    } else {
      troubles.begin(AWAY, files.complaint());
    }
  }

  @Override
  public void close() {
    chore.close();
  }
}
