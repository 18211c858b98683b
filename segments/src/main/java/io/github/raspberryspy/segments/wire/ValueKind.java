package io.github.raspberryspy.segments.wire;

import io.github.raspberryspy.segments.Box;
import io.github.raspberryspy.segments.Durations;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;

/**
 * What the text of a setting is, so that a page can ask for it by more than a box for text. Kinds
 * are words, so that a camera may know more of them than its master.
 *
 * @param word {@code text}, {@code flag}, {@code choice}, {@code whole}, {@code number}, {@code
 *     duration}, {@code size}, {@code areas}, {@code zones} or {@code schedule}
 * @param min the least, as the setting itself is written; empty for none
 * @param max the most, as the setting itself is written; empty for none
 * @param unit of a number; empty for none
 * @param options the words of a choice
 */
public record ValueKind(String word, String min, String max, String unit, List<String> options) {

  /** Any text: what a camera that does not say is taken to mean. */
  public static final ValueKind TEXT = of("text");

  /** Checks presence. */
  public ValueKind {
    Objects.requireNonNull(word, "word");
    Objects.requireNonNull(min, "min");
    Objects.requireNonNull(max, "max");
    Objects.requireNonNull(unit, "unit");
    options = List.copyOf(options);
  }

  /** One with neither range nor options. */
  public static ValueKind of(String word) {
    return new ValueKind(word, "", "", "", List.of());
  }

  /** One within a range. */
  public static ValueKind within(String word, String min, String max) {
    return new ValueKind(word, min, max, "", List.of());
  }

  /** One of some words. */
  public static ValueKind oneOf(List<String> options) {
    return new ValueKind("choice", "", "", "", options);
  }

  /** The same in a unit. */
  public ValueKind in(String unit) {
    return new ValueKind(word, min, max, unit, options);
  }

  /**
   * Whether a text is of this kind and within its range, as far as that is said here; true where
   * only the camera knows.
   */
  public boolean takes(String text) {
    try {
      return switch (word) {
        case "flag" -> text.equals("true") || text.equals("false");
        case "choice" -> options.contains(text.toLowerCase(Locale.ROOT));
        case "whole" -> text.isEmpty() || isWithin(text, Integer::valueOf);
        case "number" -> text.isEmpty() || isWithin(text, Double::valueOf);
        case "duration" -> isWithin(text, Durations::parse);
        case "size" -> text.matches("([1-9][0-9]{1,4}x[1-9][0-9]{1,4})?");
        case "areas" -> {
          var unused = Box.list(text);
          yield true;
        }
        default -> true;
      };
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private <T extends Comparable<T>> boolean isWithin(String text, Function<String, T> reader) {
    T value = reader.apply(text);
    return (min.isEmpty() || value.compareTo(reader.apply(min)) >= 0)
        && (max.isEmpty() || value.compareTo(reader.apply(max)) <= 0);
  }
}
