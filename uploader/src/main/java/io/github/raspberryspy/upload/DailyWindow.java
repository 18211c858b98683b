package io.github.raspberryspy.upload;

import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of each day, over midnight too. Immutable.
 *
 * @param from its first moment
 * @param to the moment at which it is over; another one than {@code from}
 */
public record DailyWindow(LocalTime from, LocalTime to) {

  private static final Pattern TEXT = Pattern.compile("(\\d\\d:\\d\\d)-(\\d\\d:\\d\\d)");

  /** Checks that it is neither empty nor the whole day. */
  public DailyWindow {
    if (from.equals(to)) {
      throw new IllegalArgumentException("the window " + from + "-" + to + " has no length");
    }
  }

  /**
   * Reads {@code 22:00-06:00}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static DailyWindow parse(String text) {
    Matcher times = TEXT.matcher(text);
    try {
      if (times.matches()) {
        return new DailyWindow(LocalTime.parse(times.group(1)), LocalTime.parse(times.group(2)));
      }
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("\"" + text + "\" has no times of day", e);
    }
    throw new IllegalArgumentException("\"" + text + "\" is not like 22:00-06:00");
  }

  /** Whether it is open at this time of day. */
  public boolean contains(LocalTime time) {
    boolean isAfterStart = !time.isBefore(from);
    boolean isBeforeEnd = time.isBefore(to);
    return from.isBefore(to) ? isAfterStart && isBeforeEnd : isAfterStart || isBeforeEnd;
  }
}
