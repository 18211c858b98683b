package io.github.raspberryspy.motion;

import io.github.raspberryspy.segments.Box;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How motion is told. One default serves every picture size and frame rate: sizes are shares of the
 * picture, times are times.
 *
 * <p>Immutable. The canonical constructor checks each value and throws {@link
 * IllegalArgumentException} with one sentence that names the key, the value and what is allowed.
 *
 * @param sensitivity 1 to 100: the one knob; how faint, how small and how brief a change may be to
 *     count as motion
 * @param masks areas that are ignored, in shares of the picture; at most {@link #MAX_MASKS}
 * @param zones parts of the picture where motion counts, or does not; at most {@link Zone#MOST}
 * @param minDuration how long something must be seen before it is an event, 0 to 10 s
 * @param hold how long an event waits for motion to come back before it ends, 0 to 60 s; two
 *     movements that are closer together are one event. An event ends when its last motion was
 *     seen, not when the wait is over.
 * @param expert what hardly anybody has to change
 */
public record MotionConfig(
    int sensitivity,
    List<Box> masks,
    List<Zone> zones,
    Duration minDuration,
    Duration hold,
    MotionExpert expert) {

  /** How many masks are taken at the most. */
  public static final int MAX_MASKS = 64;

  /** Checks the ranges and copies the list. */
  public MotionConfig {
    if (sensitivity < 1 || sensitivity > 100) {
      throw invalid("motion.sensitivity", sensitivity, "1 to 100");
    }
    masks = List.copyOf(masks);
    if (masks.size() > MAX_MASKS) {
      throw invalid("motion.masks", masks.size() + " areas", "at most " + MAX_MASKS);
    }
    zones = Zone.requireUsable(zones);
    requireWithin("motion.minDuration", minDuration, Duration.ZERO, Duration.ofSeconds(10));
    requireWithin("motion.hold", hold, Duration.ZERO, Duration.ofSeconds(60));
    Objects.requireNonNull(expert, "expert");
  }

  /** The defaults. */
  public static MotionConfig defaults() {
    return builder().build();
  }

  /** A builder that starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from this. */
  public Builder toBuilder() {
    return new Builder()
        .sensitivity(sensitivity)
        .masks(masks)
        .zones(zones)
        .minDuration(minDuration)
        .hold(hold)
        .expert(expert);
  }

  /**
   * The same with further areas ignored: text that a source burns into the picture, for one.
   *
   * @param more areas in shares of the picture
   */
  public MotionConfig withMasks(List<Box> more) {
    List<Box> all = new ArrayList<>(masks);
    all.addAll(more);
    return toBuilder().masks(all).build();
  }

  /** Whether masks and zones leave a place where motion would count. */
  public boolean looksAnywhere() {
    return new ZoneMap(this, 160, 90).hasAny();
  }

  /** What thresholds are multiplied with: 1 at sensitivity 50, half as much at 75, double at 25. */
  double caution() {
    return caution(sensitivity);
  }

  /** What thresholds are multiplied with at that sensitivity. */
  static double caution(int sensitivity) {
    return Math.pow(2, (50 - sensitivity) / 25.0);
  }

  static void requireWithin(String key, Duration value, Duration least, Duration most) {
    Objects.requireNonNull(value, key);
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw invalid(key, seconds(value), seconds(least) + " to " + seconds(most));
    }
  }

  private static String seconds(Duration value) {
    return value.toMillis() / 1000.0 + " s";
  }

  static IllegalArgumentException invalid(String key, Object value, String allowed) {
    return new IllegalArgumentException(key + " is " + value + "; allowed: " + allowed);
  }

  /** Collects settings. Not thread-safe. */
  public static final class Builder {
    private int sensitivity = 50;
    private List<Box> masks = List.of();
    private List<Zone> zones = List.of();
    private Duration minDuration = Duration.ofMillis(200);
    private Duration hold = Duration.ofSeconds(1);
    private MotionExpert expert = MotionExpert.defaults();

    private Builder() {}

    /** 1 to 100, 50 by default. */
    public Builder sensitivity(int value) {
      sensitivity = value;
      return this;
    }

    /** Areas that are ignored, in shares of the picture; none by default. */
    public Builder masks(List<Box> value) {
      masks = value;
      return this;
    }

    /** Parts of the picture where motion counts, or does not; none by default. */
    public Builder zones(List<Zone> value) {
      zones = value;
      return this;
    }

    /** 0 to 10 s, 0.2 s by default. */
    public Builder minDuration(Duration value) {
      minDuration = value;
      return this;
    }

    /** 0 to 60 s, 1 s by default. */
    public Builder hold(Duration value) {
      hold = value;
      return this;
    }

    /** What hardly anybody has to change. */
    public Builder expert(MotionExpert value) {
      expert = value;
      return this;
    }

    /** The settings. */
    public MotionConfig build() {
      return new MotionConfig(sensitivity, masks, zones, minDuration, hold, expert);
    }
  }
}
