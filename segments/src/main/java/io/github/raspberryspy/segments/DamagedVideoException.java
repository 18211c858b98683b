package io.github.raspberryspy.segments;

import java.io.IOException;

/**
 * A file was read, and is no video of ours that could be played. Whatever else goes wrong with a
 * file says nothing about what is in it: it may be read another time.
 */
public final class DamagedVideoException extends IOException {

  private static final long serialVersionUID = 1;

  DamagedVideoException(String message) {
    super(message);
  }

  DamagedVideoException(String message, Exception cause) {
    super(message, cause);
  }
}
