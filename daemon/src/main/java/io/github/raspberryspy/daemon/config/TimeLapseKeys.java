package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.camera.snapshot.TimeLapseConfig;
import io.github.raspberryspy.segments.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The keys of the time-lapse. */
final class TimeLapseKeys {

  static final ConfigKey<Duration> EVERY =
      new ConfigKey<>(
          "timelapse.every",
          "From one still picture to the next.",
          Optional.of("0s"),
          "0s for none, or a time from 1s to 24h, such as 10s, 5m or 1h",
          TimeLapseKeys::every);

  static final ConfigKey<String> FOLDER =
      ConfigKey.text("timelapse.folder", "Where still pictures are kept.", "");

  static final ConfigKey<Long> MAX_SIZE =
      new ConfigKey<>(
          "timelapse.max-size",
          "The most that still pictures may take; the oldest give way.",
          Optional.of("1GB"),
          "an amount of data from 1MB on, such as 500MB, 20GB or 2TB",
          TimeLapseKeys::maxSize);

  private TimeLapseKeys() {}

  /** The time-lapse, where there is to be one. */
  static Optional<TimeLapseConfig> config(Settings settings) {
    Duration every = settings.get(EVERY);
    if (every.isZero()) {
      return Optional.empty();
    }
    String folder = settings.get(FOLDER);
    if (folder.isBlank()) {
      throw new ConfigException("key \"timelapse.folder\" is not set, but \"timelapse.every\" is");
    }
    return Optional.of(new TimeLapseConfig(Path.of(folder), every, settings.get(MAX_SIZE)));
  }

  private static Duration every(String text) {
    Duration every = Durations.parse(text);
    boolean isAllowed =
        every.compareTo(TimeLapseConfig.SHORTEST) >= 0
            && every.compareTo(TimeLapseConfig.LONGEST) <= 0;
    if (!every.isZero() && !isAllowed) {
      throw new IllegalArgumentException(text);
    }
    return every;
  }

  private static Long maxSize(String text) {
    Long bytes = ConfigKey.bytes("", "", "0").reader().apply(text);
    if (bytes < TimeLapseConfig.LEAST_BYTES) {
      throw new IllegalArgumentException(text);
    }
    return bytes;
  }
}
