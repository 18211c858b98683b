package io.github.raspberryspy.camera.snapshot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * How a time-lapse is kept. Immutable.
 *
 * @param folder pictures go into {@code folder/CAMERA/DAY/}
 * @param every from one picture to the next, 1 s to 24 h
 * @param maxBytes the most that a camera's pictures may take; the oldest give way; at least 1 MB
 */
public record TimeLapseConfig(Path folder, Duration every, long maxBytes) {

  /** The least room for pictures. */
  public static final long LEAST_BYTES = 1_000_000;

  /** The shortest time from one picture to the next. */
  public static final Duration SHORTEST = Duration.ofSeconds(1);

  /** The longest. */
  public static final Duration LONGEST = Duration.ofHours(24);

  /** Checks ranges. */
  public TimeLapseConfig {
    Objects.requireNonNull(folder, "folder");
    if (every.compareTo(SHORTEST) < 0 || every.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "a time-lapse of a picture every " + every.toMillis() + " ms is not within 1 s to 24 h");
    }
    if (maxBytes < LEAST_BYTES) {
      throw new IllegalArgumentException(
          "a time-lapse of at most " + maxBytes + " bytes; at least 1 MB is needed");
    }
  }
}
