package io.github.raspberryspy.daemon.gpio;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/**
 * How a pin is read. Immutable.
 *
 * @param pin GPIO number, 2 to 27: not the place on the header
 * @param pull the resistor inside the chip
 * @param debounce how long a level must last to count, 0 to 1 s
 */
public record InputConfig(int pin, Pull pull, Duration debounce) {

  /** The first pin that is free on every board: the two before it are for the boards' own use. */
  public static final int FIRST_PIN = 2;

  /** The last pin of the header. */
  public static final int LAST_PIN = 27;

  private static final Duration LONGEST_DEBOUNCE = Duration.ofSeconds(1);

  /** What holds the level of a pin that nothing drives. */
  public enum Pull {
    /** Low where nothing drives it. */
    DOWN,
    /** High where nothing drives it. */
    UP,
    /** Whatever comes: something outside holds it. */
    OFF
  }

  /** Checks the ranges. */
  public InputConfig {
    Objects.requireNonNull(pull, "pull");
    if (pin < FIRST_PIN || pin > LAST_PIN) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "pin is %d; allowed: %d to %d", pin, FIRST_PIN, LAST_PIN));
    }
    if (debounce.isNegative() || debounce.compareTo(LONGEST_DEBOUNCE) > 0) {
      throw new IllegalArgumentException(
          "debounce is " + debounce.toMillis() + " ms; allowed: 0 to 1000 ms");
    }
  }
}
