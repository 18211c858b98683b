package io.github.raspberryspy.sink.alert;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which alerts there are, and how loud. Immutable.
 *
 * @param rules any of which makes an alert
 * @param quiet times at which alerts are listed, and not delivered
 * @param loud kinds that are delivered even then
 * @param zone by whose clocks
 */
public record AlertRules(
    List<AlertRule> rules, List<DayTimes> quiet, Set<AlertKind> loud, ZoneId zone) {

  /** Copies the lists. */
  public AlertRules {
    rules = List.copyOf(rules);
    quiet = List.copyOf(quiet);
    loud = Set.copyOf(loud);
  }

  /**
   * By which channels an alert is delivered; none at all where it is only listed. Rules go by when
   * it happened, which may be told late; quiet times by now.
   *
   * @param all that there are
   * @return empty if no rule is of it: it is no alert
   */
  Optional<Set<String>> channels(Alert alert, Collection<String> all, Instant now) {
    List<AlertRule> matching =
        rules.stream().filter(r -> r.matches(alert, alert.at(), zone)).toList();
    if (matching.isEmpty()) {
      return Optional.empty();
    }
    Set<String> channels = new TreeSet<>();
    if (loud.contains(alert.kind()) || quiet.stream().noneMatch(t -> t.contains(now, zone))) {
      matching.forEach(rule -> channels.addAll(rule.channels().isEmpty() ? all : rule.channels()));
      channels.retainAll(all);
    }
    return Optional.of(channels);
  }
}
