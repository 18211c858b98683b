package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.segments.spool.SealedSegment;

/** Hears of what a recorder does. Called on {@code record-CAMERA}; must return soon. */
public interface RecorderListener {

  /** A segment is durable and has its manifest. */
  void onSealed(SealedSegment segment);

  /** Writing failed, in one sentence; the recorder goes on at the next keyframe. */
  void onProblem(String sentence);
}
