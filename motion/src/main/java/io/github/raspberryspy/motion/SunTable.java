package io.github.raspberryspy.motion;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.shredzone.commons.suncalc.SunTimes;

/** When the sun rises and sets at one place, as a day of its time zone knows it. Immutable. */
final class SunTable {

  private final Schedule.Place place;
  private final ZoneId zone;

  /**
   * One day's sun.
   *
   * @param rise empty where it does not rise on this day
   * @param set empty where it does not set on this day
   * @param isAlwaysUp whether it stays above the horizon
   * @param isAlwaysDown whether it stays below the horizon
   */
  record Day(
      Optional<Instant> rise, Optional<Instant> set, boolean isAlwaysUp, boolean isAlwaysDown) {}

  SunTable(Schedule.Place place, ZoneId zone) {
    this.place = place;
    this.zone = zone;
  }

  Day of(LocalDate day) {
    SunTimes times =
        SunTimes.compute()
            .on(day)
            .timezone(zone)
            .at(place.latitude(), place.longitude())
            .oneDay()
            .execute();
    return new Day(
        Optional.ofNullable(times.getRise()).map(ZonedDateTime::toInstant),
        Optional.ofNullable(times.getSet()).map(ZonedDateTime::toInstant),
        times.isAlwaysUp(),
        times.isAlwaysDown());
  }
}
