package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.camera.supervise.CameraFault;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes news on to a listener whose failures are logged and go no further: the camera records on.
 *
 * @param listener somebody else's code
 */
record CarefulListener(PipelineListener listener) implements PipelineListener {

  private static final Logger log = LoggerFactory.getLogger(CarefulListener.class);

  @Override
  public void onState(PipelineState state, String problem) {
    tell(() -> listener.onState(state, problem));
  }

  @Override
  public void onStream(StreamInfo info) {
    tell(() -> listener.onStream(info));
  }

  @Override
  public void onDurable(SegmentFiles files, SegmentId segment, long bytes) {
    tell(() -> listener.onDurable(files, segment, bytes));
  }

  @Override
  public void onSealed(SealedSegment segment) {
    tell(() -> listener.onSealed(segment));
  }

  @Override
  public void onProblem(String sentence) {
    tell(() -> listener.onProblem(sentence));
  }

  @Override
  public void onFault(CameraFault fault) {
    tell(() -> listener.onFault(fault));
  }

  private static void tell(Runnable news) {
    try {
      news.run();
    } catch (Throwable e) { // not even an Error of somebody else's code ends a recording
      log.warn("a listener failed", e);
    }
  }
}
