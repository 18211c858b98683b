package io.github.raspberryspy.camera.record;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Where, how and when segments are written. Immutable; each method returns a changed copy.
 *
 * @param spool the spool's root folder; the camera's segments go into a folder of its name
 * @param segment length of a segment, 1 s to 24 h; it ends at the first keyframe from there on
 * @param fragment the most that a power cut may cost, 0.1 s to 10 s: a frame is durable before it
 *     is this old, and an fsync is paid this often
 * @param events where only events are recorded: how much around them; empty for everything
 * @param storage what happens when the disk is full or fails
 */
public record RecorderConfig(
    Path spool,
    Duration segment,
    Duration fragment,
    Optional<EventMode> events,
    StorageConfig storage) {

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofHours(24);
  private static final Duration SHORTEST_FRAGMENT = Duration.ofMillis(100);
  private static final Duration LONGEST_FRAGMENT = Duration.ofSeconds(10);

  /** Checks ranges. */
  public RecorderConfig {
    Objects.requireNonNull(spool, "spool");
    Objects.requireNonNull(events, "events");
    Objects.requireNonNull(storage, "storage");
    if (segment.compareTo(SHORTEST) < 0 || segment.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "segment length of " + segment.toMillis() + " ms is not within 1 s to 24 h");
    }
    if (fragment.compareTo(SHORTEST_FRAGMENT) < 0 || fragment.compareTo(LONGEST_FRAGMENT) > 0) {
      throw new IllegalArgumentException(
          "fragment length of " + fragment.toMillis() + " ms is not within 0.1 s to 10 s");
    }
  }

  /**
   * Everything into this spool, in segments of an hour and fragments of a second; nothing is ever
   * deleted.
   */
  public static RecorderConfig into(Path spool) {
    return new RecorderConfig(
        spool, Duration.ofHours(1), Duration.ofSeconds(1), Optional.empty(), StorageConfig.none());
  }

  /** With this length of a segment. */
  public RecorderConfig segment(Duration length) {
    return new RecorderConfig(spool, length, fragment, events, storage);
  }

  /** With this bound of loss. */
  public RecorderConfig fragment(Duration length) {
    return new RecorderConfig(spool, segment, length, events, storage);
  }

  /**
   * Only what happens, with this much before and after it. What happens is what the pipeline's
   * annotator sees, and each {@link io.github.raspberryspy.camera.CameraPipeline#trigger trigger}.
   */
  public RecorderConfig events(Duration preRoll, Duration postRoll) {
    return new RecorderConfig(
        spool, segment, fragment, Optional.of(new EventMode(preRoll, postRoll)), storage);
  }

  /** Whether one recorder may go on by the other: no more differs than segment and post-roll. */
  public boolean mayGoOnAs(RecorderConfig other) {
    Optional<EventMode> rolls = events.map(e -> e.postRoll(other.events));
    return new RecorderConfig(spool, other.segment, fragment, rolls, storage).equals(other);
  }

  /** With this in hard times. */
  public RecorderConfig storage(StorageConfig newStorage) {
    return new RecorderConfig(spool, segment, fragment, events, newStorage);
  }
}
