package io.github.raspberryspy.segments;

import java.io.IOException;

/**
 * These bytes are not a manifest, a receipt or a message: the text says in one sentence what is
 * wrong.
 */
public final class ManifestException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int MAX_MESSAGE = 500;

  /** Says what is wrong. */
  public ManifestException(String message) {
    super(brief(message));
  }

  ManifestException(String message, Throwable cause) {
    super(brief(message), cause);
  }

  /** What came from elsewhere may be long and hold anything; a log gets one line of it. */
  private static String brief(String message) {
    String line = OneLine.of(message);
    return line.length() > MAX_MESSAGE ? line.substring(0, MAX_MESSAGE) + "…" : line;
  }
}
