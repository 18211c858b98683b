package io.github.raspberryspy.sink.index;

import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.SegmentManifest;
import java.time.Instant;

/**
 * A segment that the master holds: verified, durable, visible.
 *
 * @param manifest its facts, as the camera stated them and the master verified
 * @param receivedAt when it was sealed here, by the master's clock: what retention counts from
 * @param saved whether somebody saved it: retention leaves it alone
 * @param path of the video below the footage folder, with {@code /} between its parts
 */
public record StoredSegment(
    SegmentManifest manifest, Instant receivedAt, boolean saved, String path) {

  /** Whether it is only what a lost camera had sent of it: the whole may come yet. */
  public boolean isSalvaged() {
    return manifest.closed() == CloseReason.SALVAGED;
  }
}
