package io.github.raspberryspy.daemon.gpio;

import io.github.raspberryspy.motion.FusionMode;
import io.github.raspberryspy.motion.PirFusion;
import io.github.raspberryspy.motion.PirSignal;
import java.time.Duration;
import java.util.Objects;

/**
 * A passive-infrared sensor on a pin. Immutable.
 *
 * @param input the pin
 * @param activeLow whether the sensor pulls it low when it sees warmth, instead of high
 * @param fusion how sensor and picture make events together
 * @param within how far apart the two may be where both are asked for, 0 to 60 s
 * @param hold warmth that pauses for less than this is one event, 0 to 60 s
 */
public record PirConfig(
    InputConfig input, boolean activeLow, FusionMode fusion, Duration within, Duration hold) {

  /** Checks the ranges. */
  public PirConfig {
    Objects.requireNonNull(input, "input");
    new PirFusion(fusion, within, hold, new PirSignal());
  }

  /** The same for a detector, which is to hear this sensor. */
  public PirFusion with(PirSignal signal) {
    return new PirFusion(fusion, within, hold, signal);
  }
}
