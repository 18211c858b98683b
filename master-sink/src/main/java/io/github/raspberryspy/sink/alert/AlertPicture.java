package io.github.raspberryspy.sink.alert;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** Finds a picture for an alert. Thread-safe; returns within seconds. */
@FunctionalInterface
public interface AlertPicture {

  /**
   * A picture.
   *
   * @param at when it was filmed
   * @param jpeg its bytes, read-only: whoever reads them works on a duplicate
   */
  record Picture(Instant at, ByteBuffer jpeg) {
    /** Checks presence, and makes the bytes read-only. */
    public Picture {
      Objects.requireNonNull(at, "at");
      jpeg = jpeg.asReadOnlyBuffer();
    }
  }

  /** There is none. */
  AlertPicture NONE = alert -> Optional.empty();

  /** A picture of what the alert is about, if there is one soon enough. */
  Optional<Picture> of(Alert alert);
}
