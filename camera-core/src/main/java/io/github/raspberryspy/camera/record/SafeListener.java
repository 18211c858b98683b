package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a listener, and goes on whatever it throws: who hears of footage never costs any. */
final class SafeListener implements RecorderListener {

  private static final Logger log = LoggerFactory.getLogger(SafeListener.class);

  private final RecorderListener listener;
  private final String camera;

  SafeListener(RecorderListener listener, String camera) {
    this.listener = listener;
    this.camera = camera;
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

  private void tell(Runnable news) {
    try {
      news.run();
    } catch (Throwable e) {
      log.warn("a listener of {} failed", camera, e);
    }
  }
}
