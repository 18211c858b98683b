package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.sink.alert.AlertKind;
import io.github.raspberryspy.sink.alert.AlertRule;
import io.github.raspberryspy.sink.alert.DayTimes;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Rules of alerts as users write them: {@code motion camera:door zone:path time:22:00-06:00
 * days:mon,tue to:mail}, several of them with semicolons between.
 */
final class AlertRuleText {

  /** How they are written, in words that end the sentence "allowed is …". */
  static final String ALLOWED =
      "a list of KINDS camera:NAMES zone:NAMES time:HH:MM-HH:MM days:DAYS to:CHANNELS, with commas"
          + " between kinds (lost, back, fault, motion, trouble), names, days (mon to sun) and"
          + " channels (webhook, ntfy, mail, mqtt)";

  /** How times are, likewise. */
  static final String TIMES_ALLOWED =
      "a list of HH:MM-HH:MM, each followed by the days on which it begins, such as sat,sun, or by"
          + " none for every day";

  private static final List<String> CHANNELS = List.of("webhook", "ntfy", "mail", "mqtt");

  private AlertRuleText() {}

  /**
   * The rules in a text.
   *
   * @throws UnusableValueException which says what is wrong with which one
   */
  static List<AlertRule> rules(String text) {
    List<AlertRule> rules = new ArrayList<>();
    for (String one : text.split(";", -1)) {
      if (!one.isBlank()) {
        rules.add(rule(one.strip()));
      }
    }
    return rules;
  }

  /** Times in a text, likewise. */
  static List<DayTimes> times(String text) {
    List<DayTimes> times = new ArrayList<>();
    for (String one : text.split(";", -1)) {
      if (!one.isBlank()) {
        String[] words = one.strip().split("\\s+", -1);
        if (words.length > 2) {
          throw new UnusableValueException("\"" + one.strip() + "\" is not " + TIMES_ALLOWED);
        }
        times.add(times(words[0], words.length == 2 ? days(words[1]) : everyDay()));
      }
    }
    return times;
  }

  /** Kinds in a text, likewise. */
  static Set<AlertKind> kinds(String text) {
    Set<AlertKind> kinds = EnumSet.noneOf(AlertKind.class);
    for (String word : words(text)) {
      kinds.add(
          Arrays.stream(AlertKind.values())
              .filter(k -> k != AlertKind.TEST && k.text().equals(word))
              .findFirst()
              .orElseThrow(
                  () ->
                      new UnusableValueException(
                          "kind \""
                              + word
                              + "\" is unknown; allowed are lost, back, fault, motion and"
                              + " trouble")));
    }
    return kinds;
  }

  private static AlertRule rule(String text) {
    String[] words = text.split("\\s+", -1);
    Set<String> cameras = Set.of();
    Set<String> zones = Set.of();
    Set<String> channels = Set.of();
    Optional<String> time = Optional.empty();
    Set<DayOfWeek> days = everyDay();
    for (String word : Arrays.asList(words).subList(1, words.length)) {
      String value = word.substring(word.indexOf(':') + 1);
      switch (word.substring(0, Math.max(0, word.indexOf(':')))) {
        case "camera" -> cameras = cameras(value);
        case "zone" -> zones = words(ZoneText.name(value));
        case "to" -> channels = channels(value);
        case "time" -> time = Optional.of(value);
        case "days" -> days = days(value);
        default ->
            throw new UnusableValueException(
                "rule \""
                    + text
                    + "\" has the unknown word \""
                    + word
                    + "\"; allowed is "
                    + ALLOWED);
      }
    }
    Set<DayOfWeek> when = days;
    Optional<DayTimes> times =
        time.isEmpty() && days.equals(everyDay())
            ? Optional.empty()
            : Optional.of(times(time.orElse("00:00-00:00"), when));
    return new AlertRule(kinds(words[0]), cameras, zones, times, channels);
  }

  private static DayTimes times(String text, Set<DayOfWeek> days) {
    String[] ends = text.split("-", -1);
    try {
      if (ends.length == 2) {
        return new DayTimes(LocalTime.parse(ends[0]), LocalTime.parse(ends[1]), days);
      }
    } catch (DateTimeParseException e) {
      throw badTime(text);
    }
    throw badTime(text);
  }

  private static UnusableValueException badTime(String text) {
    return new UnusableValueException(
        "time \"" + text + "\" is not HH:MM-HH:MM, such as 22:00-06:30");
  }

  private static Set<DayOfWeek> days(String text) {
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    for (String word : words(text)) {
      days.add(
          Arrays.stream(DayOfWeek.values())
              .filter(d -> d.name().substring(0, 3).toLowerCase(Locale.ROOT).equals(word))
              .findFirst()
              .orElseThrow(
                  () ->
                      new UnusableValueException(
                          "day \"" + word + "\" is none of mon, tue, wed, thu, fri, sat, sun")));
    }
    return days;
  }

  private static Set<DayOfWeek> everyDay() {
    return EnumSet.allOf(DayOfWeek.class);
  }

  private static Set<String> cameras(String text) {
    Set<String> cameras = words(text);
    try {
      cameras.forEach(SegmentId::requireCameraName);
    } catch (IllegalArgumentException e) {
      throw new UnusableValueException(e.getMessage());
    }
    return cameras;
  }

  private static Set<String> channels(String text) {
    Set<String> channels = words(text);
    for (String channel : channels) {
      if (!CHANNELS.contains(channel)) {
        throw new UnusableValueException(
            "channel \"" + channel + "\" is unknown; allowed are webhook, ntfy, mail and mqtt");
      }
    }
    return channels;
  }

  private static Set<String> words(String text) {
    Set<String> words = new LinkedHashSet<>();
    for (String word : text.split(",", -1)) {
      if (word.isBlank()) {
        throw new UnusableValueException("\"" + text + "\" has an empty word between its commas");
      }
      words.add(word.strip());
    }
    return words;
  }
}
