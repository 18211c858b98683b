package io.github.raspberryspy.segments;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lengths of time as people write them: {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1h}, {@code
 * 30d}.
 */
public final class Durations {

  private static final Pattern TEXT = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
  private static final Duration LONGEST = Duration.ofDays(36_500); // its nanoseconds fit a long

  private Durations() {}

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none, in a sentence without a subject
   */
  public static Duration parse(String text) {
    Matcher m = TEXT.matcher(text.strip());
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a length of time such as 500ms, 10s, 5m, 1h or 30d");
    }
    long n = Long.parseLong(m.group(1));
    Duration time =
        switch (m.group(2)) {
          case "ms" -> Duration.ofMillis(n);
          case "s" -> Duration.ofSeconds(n);
          case "m" -> Duration.ofMinutes(n);
          case "h" -> Duration.ofHours(n);
          default -> Duration.ofDays(n);
        };
    if (time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("\"" + text + "\" is longer than 36500d");
    }
    return time;
  }

  /** As people write it: whole seconds as such, else milliseconds. */
  public static String text(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
  }
}
