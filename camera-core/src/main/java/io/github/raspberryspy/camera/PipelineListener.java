package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.camera.supervise.CameraFault;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;

/** Hears of what a pipeline does. Called on its threads; must return soon. */
public interface PipelineListener {

  /** The state changed; {@code problem} is one sentence, empty where nothing is wrong. */
  default void onState(PipelineState state, String problem) {}

  /** The source was opened and delivers this. */
  default void onStream(StreamInfo info) {}

  /**
   * More of the open segment is durable: its first {@code bytes} bytes, whole fragments, which
   * change no more. Called on {@code record-CAMERA} once a fragment; must not block.
   */
  default void onDurable(SegmentFiles files, SegmentId segment, long bytes) {}

  /** A segment is durable and has its manifest. */
  default void onSealed(SealedSegment segment) {}

  /** Something failed that the pipeline lives with, in one sentence. */
  default void onProblem(String sentence) {}

  /**
   * Something is wrong with the camera, or is so no longer: a picture that stands still, a silent
   * source or encoder. Called on {@code supervise-CAMERA}.
   */
  default void onFault(CameraFault fault) {}
}
