package io.github.raspberryspy.sink.store;

import java.io.IOException;

/** The place of the footage cannot be asked now: nothing is known of what lies there. */
final class FootageAwayException extends IOException {
  private static final long serialVersionUID = 1L;

  FootageAwayException(String message, Throwable cause) {
    super(message, cause);
  }
}
