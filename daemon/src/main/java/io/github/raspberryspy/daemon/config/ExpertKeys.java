package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.motion.MotionExpert;
import io.github.raspberryspy.segments.Durations;
import java.time.Duration;
import java.util.List;

/** The keys below the one knob of motion detection. */
final class ExpertKeys {

  private static final MotionExpert DEFAULTS = MotionExpert.defaults();

  static final ConfigKey<Double> CONTRAST =
      ConfigKey.decimal(
          "motion.expert.contrast",
          "What the contrast that a change must have is multiplied with.",
          DEFAULTS.contrast(),
          0.1,
          10);

  static final ConfigKey<Double> WEIGHT =
      ConfigKey.decimal(
          "motion.expert.weight",
          "What the weight that a body must have is multiplied with.",
          DEFAULTS.weight(),
          0.1,
          10);

  static final ConfigKey<Double> MIN_SIZE =
      ConfigKey.decimal(
          "motion.expert.min-size",
          "Share of the picture that must move for an event to begin.",
          DEFAULTS.minSize(),
          0,
          1);

  static final ConfigKey<Double> GO_ON =
      ConfigKey.decimal(
          "motion.expert.go-on",
          "Which part of the minimum size is enough for an event to go on.",
          DEFAULTS.goOn(),
          0,
          1);

  static final ConfigKey<Duration> STANDING =
      ConfigKey.duration(
          "motion.expert.standing",
          "How long somebody who came and now stands still counts as motion.",
          Durations.text(DEFAULTS.standing()),
          "1s",
          "1h");

  static final ConfigKey<Double> RATE =
      ConfigKey.decimal(
          "motion.expert.rate",
          "How many frames a second are looked at, at the most.",
          DEFAULTS.rateHz(),
          1,
          120);

  static final List<ConfigKey<?>> ALL = List.of(CONTRAST, WEIGHT, MIN_SIZE, GO_ON, STANDING, RATE);

  private ExpertKeys() {}

  static MotionExpert config(Settings settings) {
    return new MotionExpert(
        settings.get(CONTRAST),
        settings.get(WEIGHT),
        settings.get(MIN_SIZE),
        settings.get(GO_ON),
        settings.get(STANDING),
        settings.get(RATE));
  }
}
