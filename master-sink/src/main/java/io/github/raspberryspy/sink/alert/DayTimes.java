package io.github.raspberryspy.sink.alert;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Set;

/**
 * Times of the day, on some days of the week, by the clock on the wall. Immutable.
 *
 * @param from first moment
 * @param to last moment, exclusive; not after {@code from} where they go on past midnight, of the
 *     whole day where both are the same
 * @param days on which they begin
 */
public record DayTimes(LocalTime from, LocalTime to, Set<DayOfWeek> days) {

  /** Copies the set. */
  public DayTimes {
    days = Set.copyOf(days);
  }

  /** Whether this moment is within them, where the clocks are this zone's. */
  public boolean contains(Instant moment, ZoneId zone) {
    ZonedDateTime local = moment.atZone(zone);
    LocalTime time = local.toLocalTime();
    boolean isToday = days.contains(local.getDayOfWeek());
    if (from.isBefore(to)) {
      return isToday && !time.isBefore(from) && time.isBefore(to);
    }
    boolean isSinceYesterday = days.contains(local.minusDays(1).getDayOfWeek());
    return (isToday && !time.isBefore(from)) || (isSinceYesterday && time.isBefore(to));
  }
}
