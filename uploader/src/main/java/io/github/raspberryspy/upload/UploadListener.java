package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;

/**
 * Hears what becomes of segments. Called on the threads {@code upload} and {@code upload-tail};
 * must not block.
 */
public interface UploadListener {

  /** The master vouches for the segment; it is deleted here now. */
  default void verified(SegmentManifest segment) {}

  /** A try failed. The segment stays on disk, and is tried again unless it is damaged. */
  default void failed(SegmentId segment, UploadException problem) {}
}
