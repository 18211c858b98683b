package io.github.raspberryspy.motion;

import java.time.Duration;
import java.util.Objects;

/**
 * A passive-infrared sensor beside the picture. Immutable but for the signal.
 *
 * @param mode how both make events together
 * @param within how far apart the two may be for {@link FusionMode#AND}, 0 to 60 s: the sensor sees
 *     another area than the camera, and tells later
 * @param hold warmth that pauses for less than this is one event, 0 to 60 s
 * @param signal what the sensor tells; while it cannot be read the picture counts alone, in every
 *     mode
 */
public record PirFusion(FusionMode mode, Duration within, Duration hold, PirSignal signal) {

  /** The name that stands among an event's zones where the sensor has seen it too. */
  public static final String ZONE = "pir";

  private static final Duration LONGEST = Duration.ofSeconds(60);

  /** Checks the ranges. */
  public PirFusion {
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(signal, "signal");
    check("within", within);
    check("hold", hold);
  }

  private static void check(String name, Duration time) {
    if (time.isNegative() || time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + " is " + time.toMillis() / 1000.0 + " s; allowed: 0 to 60 s");
    }
  }
}
