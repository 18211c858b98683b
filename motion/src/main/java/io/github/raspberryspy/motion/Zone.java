package io.github.raspberryspy.motion;

import io.github.raspberryspy.segments.Polygon;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A named part of the picture and what is to be thought of motion in it. Immutable.
 *
 * @param name 1 to 32 letters of any script with their accents, digits, hyphens and underscores,
 *     the first no hyphen; events name it
 * @param kind what it is for
 * @param shape where it is
 * @param sensitivity 1 to 100 where it has its own, which only a trigger can; where triggers
 *     overlap, the most sensitive counts
 */
public record Zone(String name, Kind kind, Polygon shape, OptionalInt sensitivity) {

  /** How many zones there are at the most. */
  public static final int MOST = 16;

  private static final Pattern NAME =
      Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{M}\\p{N}_-]{0,31}");

  /** What a zone is for. */
  public enum Kind {
    /** Where there are triggers, only motion that touches one of them counts. */
    TRIGGER,
    /** Motion in it is passed over. */
    IGNORE,
    /** It is passed over, and a recorder makes it black. */
    PRIVACY;

    /** As users write it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Checks name and sensitivity. */
  public Zone {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(shape, "shape");
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "zone name \""
              + name
              + "\" is not allowed; allowed are 1 to 32 letters, digits, hyphens and underscores,"
              + " and no hyphen as the first");
    }
    if (name.equals(PirFusion.ZONE)) {
      throw new IllegalArgumentException(
          "zone name \"" + name + "\" is the sensor's; allowed is any other");
    }
    if (sensitivity.isPresent()) {
      int own = sensitivity.getAsInt();
      if (kind != Kind.TRIGGER) {
        throw new IllegalArgumentException(
            "zone \""
                + name
                + "\" is of kind "
                + kind
                + " and has a sensitivity; allowed is one for kind trigger");
      }
      if (own < 1 || own > 100) {
        throw new IllegalArgumentException(
            "zone \"" + name + "\" has the sensitivity " + own + "; allowed is 1 to 100");
      }
    }
  }

  /** Whether motion in it is passed over. */
  boolean isPassedOver() {
    return kind != Kind.TRIGGER;
  }

  /**
   * Checks what cannot be seen of one zone alone.
   *
   * @throws IllegalArgumentException in one sentence, if there are too many, or two have one name
   */
  static List<Zone> requireUsable(List<Zone> zones) {
    if (zones.size() > MOST) {
      throw new IllegalArgumentException(
          "there are " + zones.size() + " zones; allowed are at most " + MOST);
    }
    Set<String> names = new HashSet<>();
    for (Zone zone : zones) {
      if (!names.add(zone.name())) {
        throw new IllegalArgumentException(
            "two zones are called \"" + zone.name() + "\"; allowed is one of each name");
      }
    }
    return List.copyOf(zones);
  }
}
