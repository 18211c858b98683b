package io.github.raspberryspy.motion;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * When motion is looked for: always, or while one of some rules holds. A rule is written {@code
 * mon-fri 18:00 to 07:00} or {@code daily sunset-30m to sunrise}; what ends earlier in the day than
 * it begins ends on the next. Days and times are those of a time zone, its summer time included.
 *
 * <p>Thread-safe. The answer for the present is kept until it changes, so asking for each frame
 * costs next to nothing.
 */
public final class Schedule {

  /** How many rules there are at the most. */
  public static final int MOST_RULES = 32;

  private static final Schedule ALWAYS =
      new Schedule(List.of(), ZoneId.of("UTC"), Optional.empty());

  /** A part of a rule's interval may lie so many days from the day on which it begins. */
  private static final int DAYS_BEFORE = 2;

  private static final int DAYS_AFTER = 1;
  private static final Duration LONGEST_ANSWER = Duration.ofHours(1);

  private final List<ScheduleRule> rules;
  private final ZoneId zone;
  private final SunTable sun; // null where nothing depends on it
  private volatile Answer answer = new Answer(0, 0, true);

  private record Answer(long fromMillis, long untilMillis, boolean isOn) {}

  /**
   * A place on earth.
   *
   * @param latitude degrees, north positive, -90 to 90
   * @param longitude degrees, east positive, -180 to 180
   */
  public record Place(double latitude, double longitude) {
    /** Checks the ranges. */
    public Place {
      if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) {
        throw new IllegalArgumentException(
            "place "
                + latitude
                + ","
                + longitude
                + " is not on earth; allowed are a latitude from -90 to 90 and a longitude from"
                + " -180 to 180");
      }
    }
  }

  private Schedule(List<ScheduleRule> rules, ZoneId zone, Optional<Place> place) {
    this.rules = rules;
    this.zone = zone;
    this.sun = place.map(where -> new SunTable(where, zone)).orElse(null);
  }

  /** Looks at all times. */
  public static Schedule always() {
    return ALWAYS;
  }

  /**
   * Looks while one of these rules holds; always where there are none.
   *
   * @param place where the camera is; needed for sunrise and sunset only
   * @throws IllegalArgumentException in one sentence
   */
  public static Schedule of(List<String> rules, ZoneId zone, Optional<Place> place) {
    Objects.requireNonNull(zone, "zone");
    if (rules.size() > MOST_RULES) {
      throw new IllegalArgumentException(
          "there are " + rules.size() + " rules; allowed are at most " + MOST_RULES);
    }
    List<ScheduleRule> read = new ArrayList<>();
    for (String text : rules) {
      ScheduleRule rule = ScheduleRule.parse(text);
      if (rule.isBySun() && place.isEmpty()) {
        throw new IllegalArgumentException(
            "rule \""
                + text
                + "\" goes by the sun, which needs motion.place; allowed is LATITUDE,LONGITUDE in degrees");
      }
      read.add(rule);
    }
    return read.isEmpty() ? ALWAYS : new Schedule(List.copyOf(read), zone, place);
  }

  /** Whether there are no rules. */
  public boolean isAlways() {
    return rules.isEmpty();
  }

  /** Whether motion is looked for at a moment. */
  public boolean isOn(Instant moment) {
    return isOn(moment.toEpochMilli());
  }

  /** The same at so many milliseconds after 1970 began; leaves no garbage. */
  boolean isOn(long millis) {
    if (isAlways()) {
      return true;
    }
    Answer known = answer;
    if (millis < known.fromMillis || millis >= known.untilMillis) {
      known = find(Instant.ofEpochMilli(millis));
      answer = known;
    }
    return known.isOn;
  }

  private Answer find(Instant moment) {
    LocalDate today = moment.atZone(zone).toLocalDate();
    Instant until = moment.plus(LONGEST_ANSWER);
    boolean isOn = false;
    for (ScheduleRule rule : rules) {
      for (int day = -DAYS_BEFORE; day <= DAYS_AFTER; day++) {
        Optional<ScheduleRule.Interval> interval = rule.on(today.plusDays(day), zone, sun);
        if (interval.isPresent()) {
          Instant from = interval.get().from();
          Instant to = interval.get().to();
          isOn |= !moment.isBefore(from) && moment.isBefore(to);
          until = earlierOf(until, from, moment);
          until = earlierOf(until, to, moment);
        }
      }
    }
    return new Answer(moment.toEpochMilli(), until.toEpochMilli(), isOn);
  }

  private static Instant earlierOf(Instant until, Instant change, Instant after) {
    return change.isAfter(after) && change.isBefore(until) ? change : until;
  }
}
