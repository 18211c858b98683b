package io.github.raspberryspy.sink.alert;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;

/**
 * What people want to be told, and by which channels. Immutable.
 *
 * @param kinds of alerts
 * @param cameras of which; empty for all, and for the master
 * @param zones of the picture, of motion; empty for all
 * @param times at which; empty for always
 * @param channels by which; empty for all
 */
public record AlertRule(
    Set<AlertKind> kinds,
    Set<String> cameras,
    Set<String> zones,
    Optional<DayTimes> times,
    Set<String> channels) {

  /** Copies the sets. */
  public AlertRule {
    kinds = Set.copyOf(kinds);
    cameras = Set.copyOf(cameras);
    zones = Set.copyOf(zones);
    channels = Set.copyOf(channels);
  }

  /** Whether it is of this alert. */
  boolean matches(Alert alert, Instant now, ZoneId zone) {
    return kinds.contains(alert.kind())
        && (cameras.isEmpty() || cameras.contains(alert.camera()))
        && (zones.isEmpty() || alert.zones().stream().anyMatch(zones::contains))
        && (times.isEmpty() || times.get().contains(now, zone));
  }
}
