package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.motion.Zone;
import io.github.raspberryspy.motion.Zone.Kind;
import io.github.raspberryspy.segments.Polygon;
import io.github.raspberryspy.segments.Polygon.Point;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Zones as users write them: {@code door trigger:70 0.1,0.2 0.5,0.2 0.5,0.9}, several of them with
 * semicolons between.
 */
final class ZoneText {

  /** How they are written, in words that end the sentence "allowed is …". */
  static final String ALLOWED =
      "a list of NAME KIND X,Y X,Y X,Y..., with trigger, trigger:SENSITIVITY, ignore or privacy as"
          + " KIND and the corners in shares of the picture";

  private ZoneText() {}

  /**
   * The zones in a text.
   *
   * @throws UnusableValueException which says what is wrong with which one
   */
  static List<Zone> read(String text) {
    List<Zone> zones = new ArrayList<>();
    for (String one : text.split(";", -1)) {
      if (!one.isBlank()) {
        zones.add(zone(one.strip()));
      }
    }
    return zones;
  }

  private static Zone zone(String text) {
    String[] words = text.split("\\s+", -1);
    if (words.length < 2) {
      throw new UnusableValueException("zone \"" + text + "\" has no kind; allowed is " + ALLOWED);
    }
    String name = name(words[0]);
    Kind kind = kind(name, words[1]);
    OptionalInt sensitivity = sensitivity(name, words[1]);
    List<Point> points = new ArrayList<>();
    for (String point : Arrays.asList(words).subList(2, words.length)) {
      points.add(point(name, point));
    }
    Polygon shape;
    try {
      shape = new Polygon(points);
    } catch (IllegalArgumentException e) {
      throw new UnusableValueException("zone \"" + name + "\": " + e.getMessage());
    }
    try {
      return new Zone(name, kind, shape, sensitivity);
    } catch (IllegalArgumentException e) {
      throw new UnusableValueException(e.getMessage());
    }
  }

  /** A name as it is compared: an ü of two signs, as some keyboards write it, is that of one. */
  static String name(String word) {
    return Normalizer.normalize(word, Normalizer.Form.NFC);
  }

  private static Kind kind(String name, String word) {
    String kind = word.contains(":") ? word.substring(0, word.indexOf(':')) : word;
    for (Kind known : Kind.values()) {
      if (known.toString().equals(kind)) {
        return known;
      }
    }
    throw new UnusableValueException(
        "zone \""
            + name
            + "\" is of the unknown kind \""
            + kind
            + "\"; allowed are trigger, ignore and privacy");
  }

  private static OptionalInt sensitivity(String name, String word) {
    if (!word.contains(":")) {
      return OptionalInt.empty();
    }
    String number = word.substring(word.indexOf(':') + 1);
    try {
      return OptionalInt.of(Integer.parseInt(number));
    } catch (NumberFormatException e) {
      throw new UnusableValueException(
          "zone \"" + name + "\" has the sensitivity \"" + number + "\"; allowed is 1 to 100");
    }
  }

  private static Point point(String name, String text) {
    String[] n = text.split(",", -1);
    if (n.length != 2) {
      throw badPoint(name, text);
    }
    try {
      return new Point(Double.parseDouble(n[0]), Double.parseDouble(n[1]));
    } catch (NumberFormatException e) {
      throw badPoint(name, text);
    }
  }

  private static UnusableValueException badPoint(String name, String text) {
    return new UnusableValueException(
        "zone \""
            + name
            + "\" has the point \""
            + text
            + "\"; allowed is X,Y, each a number from 0 to 1");
  }
}
