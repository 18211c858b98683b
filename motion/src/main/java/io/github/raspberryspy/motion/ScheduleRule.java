package io.github.raspberryspy.motion;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One line of a schedule: on these weekdays, from then to then. Immutable.
 *
 * @param days on which it begins
 * @param begin when
 * @param end when it ends, on the next day where it could not end later on the same
 */
record ScheduleRule(Set<DayOfWeek> days, DayTime begin, DayTime end) {

  /** How one is written, in words that end the sentence "allowed is …". */
  static final String ALLOWED =
      "DAYS FROM to TO, with daily, mon, mon-fri or sat,sun as DAYS, as in mon-fri 18:00 to 07:00";

  private static final List<String> NAMES =
      List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

  /** From one moment to another, the end not included. */
  record Interval(Instant from, Instant to) {}

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException in one sentence
   */
  static ScheduleRule parse(String text) {
    String[] words = text.strip().toLowerCase(Locale.ROOT).split("\\s+", -1);
    if (words.length != 4 || !words[2].equals("to")) {
      throw new IllegalArgumentException(
          "rule \"" + text + "\" is not understood; allowed is " + ALLOWED);
    }
    try {
      return new ScheduleRule(days(words[0]), DayTime.parse(words[1]), DayTime.parse(words[3]));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("rule \"" + text + "\": " + e.getMessage(), e);
    }
  }

  private static Set<DayOfWeek> days(String text) {
    if (text.equals("daily")) {
      return EnumSet.allOf(DayOfWeek.class);
    }
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    for (String part : text.split(",", -1)) {
      String[] ends = part.split("-", -1);
      int from = NAMES.indexOf(ends[0]);
      int to = NAMES.indexOf(ends[ends.length - 1]);
      if (ends.length > 2 || from < 0 || to < 0) {
        throw new IllegalArgumentException(
            "\""
                + text
                + "\" are no days; allowed are daily, and mon, tue, wed, thu, fri, sat and sun, as"
                + " in mon-fri or sat,sun");
      }
      for (int i = from; ; i = (i + 1) % 7) {
        days.add(DayOfWeek.of(i + 1));
        if (i == to) {
          break;
        }
      }
    }
    return days;
  }

  boolean isBySun() {
    return begin.isBySun() || end.isBySun();
  }

  /** When it holds, as far as it begins on this day. */
  Optional<Interval> on(LocalDate day, ZoneId zone, SunTable sun) {
    if (!days.contains(day.getDayOfWeek())) {
      return Optional.empty();
    }
    LocalDate lastDay = begin.isBeyondMidnight(end) ? day.plusDays(1) : day;
    return begin
        .begin(day, zone, sun)
        .map(from -> new Interval(from, atMostADay(from, end.end(lastDay, zone, sun))))
        .filter(interval -> interval.from.isBefore(interval.to));
  }

  /** With a sun that never rises, a night lasts until the next one begins. */
  private Instant atMostADay(Instant from, Instant to) {
    Instant dayLater = from.plus(Duration.ofHours(25)); // the longest day, when summer ends
    return isBySun() && to.isAfter(dayLater) ? from.plus(Duration.ofDays(1)) : to;
  }
}
