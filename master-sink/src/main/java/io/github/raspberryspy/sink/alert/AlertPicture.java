package io.github.raspberryspy.sink.alert;

import java.util.Optional;

/** Finds a picture for an alert. Thread-safe; returns within seconds. */
@FunctionalInterface
public interface AlertPicture {

  /** There is none. */
  AlertPicture NONE = alert -> Optional.empty();

  /** A JPEG of what the alert is about, if there is one. */
  Optional<byte[]> of(Alert alert);
}
