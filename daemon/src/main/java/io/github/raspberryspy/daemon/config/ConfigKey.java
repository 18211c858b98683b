package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.segments.Durations;
import io.github.raspberryspy.segments.wire.ValueKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.commons.io.FileUtils;

/**
 * One setting: its name, what it means, what it is when nobody sets it, and how its text is read.
 *
 * @param name dotted, as it nests in YAML: {@code motion.sensitivity}
 * @param meaning one sentence with the unit
 * @param fallback the default's text; empty for a key that must be set
 * @param allowed the range, in words that end the sentence "allowed is …"
 * @param reader makes a value of a text; complains by IllegalArgumentException
 * @param kind what its text is, for the master's page
 */
public record ConfigKey<T>(
    String name,
    String meaning,
    Optional<String> fallback,
    String allowed,
    Function<String, T> reader,
    ValueKind kind) {

  /** What the name of each environment variable begins with. */
  static final String VARIABLE_PREFIX = "RASPBERRYSPY_";

  /** One whose text is any. */
  ConfigKey(
      String name,
      String meaning,
      Optional<String> fallback,
      String allowed,
      Function<String, T> reader) {
    this(name, meaning, fallback, allowed, reader, ValueKind.TEXT);
  }

  /** The same, with a text of this kind. */
  ConfigKey<T> as(ValueKind kind) {
    return new ConfigKey<>(name, meaning, fallback, allowed, reader, kind);
  }

  /** The same, a number in this unit. */
  ConfigKey<T> in(String unit) {
    return as(kind.in(unit));
  }

  /**
   * What is made of this key's value once others are known too.
   *
   * @throws ConfigException that names the key, where that complains by IllegalArgumentException
   */
  <V> V checked(Supplier<V> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw new ConfigException("key \"" + name + "\": " + e.getMessage());
    }
  }

  /** Any text. */
  public static ConfigKey<String> text(String name, String meaning, String fallback) {
    return new ConfigKey<>(name, meaning, Optional.of(fallback), "a text", text -> text);
  }

  /** A text that must be set. */
  public static ConfigKey<String> required(String name, String meaning) {
    return new ConfigKey<>(
        name,
        meaning,
        Optional.empty(),
        "a text",
        text -> {
          if (text.isBlank()) {
            throw new IllegalArgumentException("empty");
          }
          return text;
        });
  }

  /** A folder that must be set. */
  public static ConfigKey<Path> folder(String name, String meaning) {
    return new ConfigKey<>(
        name,
        meaning,
        Optional.empty(),
        "the path of a folder",
        text -> {
          if (text.isBlank()) {
            throw new IllegalArgumentException("empty");
          }
          return Path.of(text);
        });
  }

  /** A truth value. */
  public static ConfigKey<Boolean> flag(String name, String meaning, boolean fallback) {
    return new ConfigKey<>(
        name,
        meaning,
        Optional.of(Boolean.toString(fallback)),
        "true or false",
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException(text);
            },
        ValueKind.of("flag"));
  }

  /** A whole number within a range. */
  public static ConfigKey<Integer> integer(
      String name, String meaning, int fallback, int min, int max) {
    return new ConfigKey<>(
        name,
        meaning,
        Optional.of(Integer.toString(fallback)),
        "a whole number from " + min + " to " + max,
        text -> {
          int value = Integer.parseInt(text);
          if (value < min || value > max) {
            throw new IllegalArgumentException(text);
          }
          return value;
        },
        ValueKind.within("whole", Integer.toString(min), Integer.toString(max)));
  }

  /** A number within a range. */
  public static ConfigKey<Double> decimal(
      String name, String meaning, double fallback, double min, double max) {
    return new ConfigKey<>(
        name,
        meaning,
        Optional.of(text(fallback)),
        "a number from " + text(min) + " to " + text(max),
        text -> {
          double value = Double.parseDouble(text);
          if (!(value >= min && value <= max)) {
            throw new IllegalArgumentException(text);
          }
          return value;
        },
        ValueKind.within("number", text(min), text(max)));
  }

  /** A length of time within a range. */
  public static ConfigKey<Duration> duration(
      String name, String meaning, String fallback, String min, String max) {
    return new ConfigKey<>(
        name,
        meaning,
        Optional.of(fallback),
        "a time from " + min + " to " + max + ", such as " + fallback,
        text -> {
          Duration value = Durations.parse(text);
          if (value.compareTo(Durations.parse(min)) < 0
              || value.compareTo(Durations.parse(max)) > 0) {
            throw new IllegalArgumentException(text);
          }
          return value;
        },
        ValueKind.within("duration", min, max));
  }

  /** A length of time within a range, or 0 for never. */
  public static ConfigKey<Duration> durationOrNever(
      String name, String meaning, Duration fallback, String min, String max) {
    ConfigKey<Duration> range = duration(name, meaning, min, min, max);
    return new ConfigKey<>(
        name,
        meaning,
        Optional.of(Durations.text(fallback)),
        "0s for never, or a time from " + min + " to " + max,
        text -> Durations.parse(text).isZero() ? Duration.ZERO : range.reader().apply(text));
  }

  /** One of some words. */
  public static <E extends Enum<E>> ConfigKey<E> choice(
      String name, String meaning, E fallback, Class<E> type) {
    List<String> words = List.of(type.getEnumConstants()).stream().map(ConfigKey::word).toList();
    return new ConfigKey<>(
        name,
        meaning,
        Optional.of(word(fallback)),
        "one of " + String.join(", ", words),
        text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT)),
        ValueKind.oneOf(words));
  }

  /** An amount of data such as {@code 500MB} or {@code 2TB}; 0 and above. */
  public static ConfigKey<Long> bytes(String name, String meaning, String fallback) {
    return new ConfigKey<>(
        name,
        meaning,
        Optional.of(fallback),
        "an amount of data such as 0, 500MB, 20GB or 2TB",
        ConfigKey::readBytes);
  }

  /** Whether its value has items, with {@code ;} between them. */
  boolean isList() {
    return allowed.startsWith("a list of ");
  }

  /** The environment variable that sets it. */
  public String environmentVariable() {
    return VARIABLE_PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  private static String text(double number) {
    return number == Math.rint(number)
        ? Long.toString(Math.round(number))
        : Double.toString(number);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static long readBytes(String text) {
    String upper = text.strip().toUpperCase(Locale.ROOT);
    long unit =
        upper.endsWith("TB")
            ? FileUtils.ONE_TB
            : upper.endsWith("GB") ? FileUtils.ONE_GB : upper.endsWith("MB") ? FileUtils.ONE_MB : 1;
    String digits = unit == 1 ? upper : upper.substring(0, upper.length() - 2).strip();
    long amount = Long.parseLong(digits);
    if (amount < 0) {
      throw new IllegalArgumentException(text);
    }
    return Math.multiplyExact(amount, unit);
  }
}
