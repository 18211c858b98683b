package io.github.raspberryspy.segments.spool;

import java.io.IOException;

/**
 * A spool that a person must do something about: no waiting makes it usable, as it may where a disk
 * fails.
 */
public final class UnusableSpoolException extends IOException {

  private static final long serialVersionUID = 1;

  UnusableSpoolException(String message) {
    super(message);
  }

  UnusableSpoolException(String message, Exception cause) {
    super(message, cause);
  }
}
