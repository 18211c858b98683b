package io.github.raspberryspy.segments;

import java.io.IOException;

/**
 * These bytes are not a manifest, a receipt or a message: the text says in one sentence what is
 * wrong.
 */
public final class ManifestException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong. */
  public ManifestException(String message) {
    super(message);
  }

  ManifestException(String message, Throwable cause) {
    super(message, cause);
  }
}
