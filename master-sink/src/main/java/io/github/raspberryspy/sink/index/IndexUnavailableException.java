package io.github.raspberryspy.sink.index;

import org.jdbi.v3.core.JdbiException;

/**
 * The database of the index cannot be reached now, or was lost in the middle: nothing is half done,
 * but a change may have been made that was not confirmed. Asking again is right.
 */
public final class IndexUnavailableException extends JdbiException {
  private static final long serialVersionUID = 1L;

  IndexUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
