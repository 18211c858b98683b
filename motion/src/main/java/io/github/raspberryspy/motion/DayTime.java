package io.github.raspberryspy.motion;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A moment of a day, by the clock or by the sun. Immutable.
 *
 * @param anchor what it is measured from
 * @param offset from there: of midnight 0 to 24 h, of the sun up to 12 h either way
 */
record DayTime(Anchor anchor, Duration offset) {

  /** How a moment is written, in words that end the sentence "allowed is …". */
  static final String ALLOWED =
      "a time from 00:00 to 24:00, or sunrise or sunset, with up to 12h added or taken away, as in"
          + " sunset-30m";

  private static final Duration MOST_OFFSET = Duration.ofHours(12);
  private static final Pattern CLOCK = Pattern.compile("(\\d{1,2}):(\\d{2})");
  private static final Pattern SUN = Pattern.compile("(sunrise|sunset)(?:([+-])(\\d{1,3})([mh]))?");

  /** What a moment is measured from. */
  enum Anchor {
    /** The beginning of the day. */
    MIDNIGHT,
    /** The sun comes up. */
    SUNRISE,
    /** The sun goes down. */
    SUNSET
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException in one sentence
   */
  static DayTime parse(String text) {
    Matcher clock = CLOCK.matcher(text);
    Matcher sun = SUN.matcher(text);
    if (clock.matches()) {
      int minutes = Integer.parseInt(clock.group(2));
      Duration offset = Duration.ofHours(Integer.parseInt(clock.group(1))).plusMinutes(minutes);
      if (minutes < 60 && offset.compareTo(Duration.ofDays(1)) <= 0) {
        return new DayTime(Anchor.MIDNIGHT, offset);
      }
    } else if (sun.matches()) {
      Duration offset = offset(sun);
      if (offset.abs().compareTo(MOST_OFFSET) <= 0) {
        return new DayTime(sun.group(1).equals("sunrise") ? Anchor.SUNRISE : Anchor.SUNSET, offset);
      }
    }
    throw new IllegalArgumentException("\"" + text + "\" is no time of day; allowed is " + ALLOWED);
  }

  private static Duration offset(Matcher sun) {
    if (sun.group(2) == null) {
      return Duration.ZERO;
    }
    long number = Long.parseLong(sun.group(3));
    Duration offset =
        sun.group(4).equals("h") ? Duration.ofHours(number) : Duration.ofMinutes(number);
    return sun.group(2).equals("-") ? offset.negated() : offset;
  }

  boolean isBySun() {
    return anchor != Anchor.MIDNIGHT;
  }

  /** Whether something that begins then and ends at another moment ends on the next day. */
  boolean isBeyondMidnight(DayTime end) {
    if (anchor == end.anchor) {
      return end.offset.compareTo(offset) <= 0;
    }
    return end.latest().compareTo(earliest()) <= 0;
  }

  /** When the sun may come up or go down at the earliest, where people live. */
  private Duration earliest() {
    return switch (anchor) {
      case MIDNIGHT -> offset;
      case SUNRISE -> Duration.ofHours(3);
      case SUNSET -> Duration.ofHours(15);
    };
  }

  private Duration latest() {
    return switch (anchor) {
      case MIDNIGHT -> offset;
      case SUNRISE -> Duration.ofHours(10);
      case SUNSET -> Duration.ofHours(22);
    };
  }

  /**
   * When something begins on a day. Where the sun does not rise or set on it, it begins with the
   * day if the sun is up or down already, and not at all otherwise.
   */
  Optional<Instant> begin(LocalDate day, ZoneId zone, SunTable sun) {
    if (!isBySun()) {
      return Optional.of(clock(day, zone, true));
    }
    SunTable.Day there = sun.of(day);
    Optional<Instant> event = event(there);
    if (event.isPresent()) {
      return event;
    }
    boolean isSo = anchor == Anchor.SUNRISE ? there.isAlwaysUp() : there.isAlwaysDown();
    return isSo ? Optional.of(day.atStartOfDay(zone).toInstant()) : Optional.empty();
  }

  /**
   * When something ends on a day. Where the sun does not rise or set on it, it ends with the day
   * before if the sun is up or down already, and with this day otherwise.
   */
  Instant end(LocalDate day, ZoneId zone, SunTable sun) {
    if (!isBySun()) {
      return clock(day, zone, false);
    }
    SunTable.Day there = sun.of(day);
    boolean isSo = anchor == Anchor.SUNRISE ? there.isAlwaysUp() : there.isAlwaysDown();
    return event(there)
        .orElseGet(() -> (isSo ? day : day.plusDays(1)).atStartOfDay(zone).toInstant());
  }

  private Optional<Instant> event(SunTable.Day there) {
    Optional<Instant> event = anchor == Anchor.SUNRISE ? there.rise() : there.set();
    return event.map(moment -> moment.plus(offset));
  }

  /**
   * A time that the clock skips is the moment at which it does. One that comes twice begins with
   * the first and ends with the second.
   */
  private Instant clock(LocalDate day, ZoneId zone, boolean isBegin) {
    LocalDateTime local = day.atStartOfDay().plus(offset);
    ZoneOffsetTransition change = zone.getRules().getTransition(local);
    if (change == null) {
      return local.atZone(zone).toInstant();
    }
    if (change.isGap()) {
      return change.getInstant();
    }
    return local.toInstant(isBegin ? change.getOffsetBefore() : change.getOffsetAfter());
  }
}
