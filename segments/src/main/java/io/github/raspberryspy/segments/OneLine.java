package io.github.raspberryspy.segments;

import java.util.regex.Pattern;

/**
 * Text that came from elsewhere, as it may stand in a log, in an alert and on a page: on one line,
 * without characters that steer a terminal or turn round how the rest is read. A camera's key may
 * be somebody else's.
 */
public final class OneLine {

  /** Control characters, ends of lines and paragraphs, and what changes the direction of a text. */
  private static final Pattern STEERS =
      Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\u202A-\\u202E\\u2066-\\u2069]+");

  private OneLine() {}

  /** The text, with a space for each run of such characters. */
  public static String of(String text) {
    return STEERS.matcher(text).replaceAll(" ");
  }
}
