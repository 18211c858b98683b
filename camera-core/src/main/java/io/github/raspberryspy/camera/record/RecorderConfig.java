package io.github.raspberryspy.camera.record;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * Where and how segments are written. Immutable; each method returns a changed copy.
 *
 * @param spool the spool's root folder; the camera's segments go into a folder of its name
 * @param segment length of a segment, 1 s to 24 h; it ends at the first keyframe from there on
 * @param fragment the most that a power cut may cost, 0.1 s to 10 s: a frame is durable before it
 *     is this old, and an fsync is paid this often
 */
public record RecorderConfig(Path spool, Duration segment, Duration fragment) {

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofHours(24);
  private static final Duration SHORTEST_FRAGMENT = Duration.ofMillis(100);
  private static final Duration LONGEST_FRAGMENT = Duration.ofSeconds(10);

  /** Checks ranges. */
  public RecorderConfig {
    Objects.requireNonNull(spool, "spool");
    if (segment.compareTo(SHORTEST) < 0 || segment.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "segment length of " + segment.toMillis() + " ms is not within 1 s to 24 h");
    }
    if (fragment.compareTo(SHORTEST_FRAGMENT) < 0 || fragment.compareTo(LONGEST_FRAGMENT) > 0) {
      throw new IllegalArgumentException(
          "fragment length of " + fragment.toMillis() + " ms is not within 0.1 s to 10 s");
    }
  }

  /** Segments of an hour into this spool, fragments of a second. */
  public static RecorderConfig into(Path spool) {
    return new RecorderConfig(spool, Duration.ofHours(1), Duration.ofSeconds(1));
  }

  /** With this length of a segment. */
  public RecorderConfig segment(Duration length) {
    return new RecorderConfig(spool, length, fragment);
  }

  /** With this bound of loss. */
  public RecorderConfig fragment(Duration length) {
    return new RecorderConfig(spool, segment, length);
  }
}
