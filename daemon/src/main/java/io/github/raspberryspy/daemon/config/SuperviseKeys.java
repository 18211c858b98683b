package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.camera.supervise.SuperviseConfig;
import java.time.Duration;

/** The keys of what is watched: stalls, and faults of the picture. */
final class SuperviseKeys {

  private static final SuperviseConfig DEFAULTS = SuperviseConfig.defaults();

  static final ConfigKey<Duration> STALL =
      ConfigKey.durationOrNever(
          "supervise.stall-after",
          "A source or an encoder that is silent for so long is opened again.",
          DEFAULTS.stallAfter(),
          "500ms",
          "60s");
  static final ConfigKey<Duration> FROZEN =
      ConfigKey.durationOrNever(
          "supervise.frozen-after",
          "A picture that is the same to the bit for so long is reported.",
          DEFAULTS.frozenAfter(),
          "1s",
          "1h");
  static final ConfigKey<Boolean> RESTART =
      ConfigKey.flag(
          "supervise.frozen-restart",
          "Whether a source whose picture stands still is opened again.",
          DEFAULTS.restartsFrozen());
  static final ConfigKey<Duration> DARK =
      ConfigKey.durationOrNever(
          "supervise.dark-after",
          "A picture that is black or of one tone for so long is reported.",
          DEFAULTS.darkAfter(),
          "1s",
          "1h");
  static final ConfigKey<Duration> COVERED =
      ConfigKey.durationOrNever(
          "supervise.covered-after",
          "A picture that lost most of its light and detail at once is reported after so long.",
          DEFAULTS.coveredAfter(),
          "1s",
          "1h");

  static final ConfigKey<Long> MEMORY =
      ConfigKey.bytes(
          "supervise.memory",
          "The process ends, to be started again, once it holds more memory; 0 for never.",
          "1GB");

  private SuperviseKeys() {}

  static SuperviseConfig config(Settings settings) {
    return new SuperviseConfig(
        settings.get(STALL),
        settings.get(FROZEN),
        settings.get(DARK),
        settings.get(COVERED),
        settings.get(RESTART));
  }
}
