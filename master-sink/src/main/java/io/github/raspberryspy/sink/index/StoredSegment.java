package io.github.raspberryspy.sink.index;

import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.SegmentManifest;
import java.time.Instant;
import java.util.Optional;

/**
 * A segment that the master holds: it was verified and durable when it came, and is visible.
 *
 * @param manifest its facts, as the camera stated them and the master verified
 * @param receivedAt when it was sealed here, by the master's clock: what retention counts from
 * @param saved whether somebody saved it: retention leaves it alone
 * @param path of the video below the footage folder, with {@code /} between its parts
 * @param damage what was found wrong with its file since then
 * @param note what somebody wrote of it when they saved it; may be empty
 */
public record StoredSegment(
    SegmentManifest manifest,
    Instant receivedAt,
    boolean saved,
    String path,
    Optional<String> damage,
    String note) {

  /** One whose file is what was verified, as far as is known. */
  public StoredSegment(SegmentManifest manifest, Instant receivedAt, boolean saved, String path) {
    this(manifest, receivedAt, saved, path, Optional.empty(), "");
  }

  /** The same, with a note. */
  public StoredSegment noted(String text) {
    return new StoredSegment(manifest, receivedAt, saved, path, damage, text);
  }

  /** The same, received at another time. */
  public StoredSegment receivedAt(Instant at) {
    return new StoredSegment(manifest, at, saved, path, damage, note);
  }

  /** Whether it is only what a lost camera had sent of it: the whole may come yet. */
  public boolean isSalvaged() {
    return manifest.closed() == CloseReason.SALVAGED;
  }
}
