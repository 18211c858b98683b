package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.daemon.gpio.InputConfig;
import io.github.raspberryspy.daemon.gpio.InputConfig.Pull;
import io.github.raspberryspy.daemon.gpio.PirConfig;
import io.github.raspberryspy.motion.FusionMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The keys of a passive-infrared sensor on a pin of the board. */
final class PirKeys {

  /** The level at which the sensor says that it sees something. */
  enum Active {
    HIGH,
    LOW
  }

  static final ConfigKey<OptionalInt> PIN =
      new ConfigKey<>(
          "pir.pin",
          "The GPIO number (not the place on the header) to which a passive-infrared sensor is wired;"
              + " empty for none.",
          Optional.of(""),
          "empty, or a whole number from " + InputConfig.FIRST_PIN + " to " + InputConfig.LAST_PIN,
          PirKeys::readPin);
  static final ConfigKey<FusionMode> FUSION =
      ConfigKey.choice(
          "pir.fusion",
          "What is motion then: what picture and sensor see together, what either sees, or what the"
              + " sensor sees.",
          FusionMode.OR,
          FusionMode.class);
  static final ConfigKey<Duration> WITHIN =
      ConfigKey.duration(
          "pir.within",
          "With \"and\", how far apart picture and sensor may be.",
          "5s",
          "0ms",
          "60s");
  static final ConfigKey<Duration> HOLD =
      ConfigKey.duration(
          "pir.hold", "Warmth that pauses for less than this is one event.", "2s", "0ms", "60s");
  static final ConfigKey<Active> ACTIVE =
      ConfigKey.choice(
          "pir.active",
          "The level at which the sensor says that it sees something.",
          Active.HIGH,
          Active.class);
  static final ConfigKey<Pull> PULL =
      ConfigKey.choice(
          "pir.pull",
          "The resistor inside the chip that holds the level while nothing drives it.",
          Pull.DOWN,
          Pull.class);
  static final ConfigKey<Duration> DEBOUNCE =
      ConfigKey.duration(
          "pir.debounce", "How long a level must last to count.", "50ms", "0ms", "1s");

  /** All of them, in the order of the file. */
  static final List<ConfigKey<?>> ALL = List.of(PIN, FUSION, WITHIN, HOLD, ACTIVE, PULL, DEBOUNCE);

  private PirKeys() {}

  /** The sensor, where there is to be one. */
  static Optional<PirConfig> config(Settings settings) {
    FusionMode fusion = settings.get(FUSION); // wrong is wrong, also while there is no sensor
    boolean isActiveLow = settings.get(ACTIVE) == Active.LOW;
    Duration within = settings.get(WITHIN);
    Duration hold = settings.get(HOLD);
    Pull pull = settings.get(PULL);
    Duration debounce = settings.get(DEBOUNCE);
    OptionalInt pin = settings.get(PIN);
    if (pin.isEmpty()) {
      return Optional.empty();
    }
    if (!settings.get(MotionKeys.ENABLED)) {
      throw new ConfigException(
          "key \"pir.pin\" is "
              + pin.getAsInt()
              + ", but \"motion.enabled\" is false: nobody would ask the sensor");
    }
    InputConfig input = new InputConfig(pin.getAsInt(), pull, debounce);
    return Optional.of(new PirConfig(input, isActiveLow, fusion, within, hold));
  }

  private static OptionalInt readPin(String text) {
    if (text.isBlank()) {
      return OptionalInt.empty();
    }
    int pin = Integer.parseInt(text);
    if (pin < InputConfig.FIRST_PIN || pin > InputConfig.LAST_PIN) {
      throw new IllegalArgumentException(text);
    }
    return OptionalInt.of(pin);
  }
}
