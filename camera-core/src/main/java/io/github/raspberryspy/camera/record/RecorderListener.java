package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;

/** Hears of what a recorder does. Called on {@code record-CAMERA}; must return soon. */
public interface RecorderListener {

  /**
   * More of the open segment is durable: an fsync has put its first {@code bytes} bytes on the
   * disk, whole fragments, and they change no more. Must not block: the next frame waits.
   */
  default void onDurable(SegmentFiles files, SegmentId segment, long bytes) {}

  /** A segment is durable and has its manifest. */
  void onSealed(SealedSegment segment);

  /** Writing failed, in one sentence; the recorder goes on at the next keyframe. */
  void onProblem(String sentence);
}
