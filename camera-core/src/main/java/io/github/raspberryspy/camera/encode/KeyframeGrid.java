package io.github.raspberryspy.camera.encode;

/**
 * When a keyframe is due: at fixed intervals of presentation time from the run's start, and when
 * somebody asks. For one thread, but for {@link #request}.
 */
final class KeyframeGrid {

  private final long gopUs;
  private final long intervalUs;
  private long nextUs = Long.MIN_VALUE;
  private volatile boolean wanted; // set by other threads, taken by the encoding one

  KeyframeGrid(long gopUs, long intervalUs) {
    this.gopUs = gopUs;
    this.intervalUs = intervalUs;
  }

  /** Makes the next frame a keyframe. */
  void request() {
    wanted = true;
  }

  /** Whether the frame of this time is to be one; each frame is asked for once. */
  boolean isDue(long ptsUs) {
    if (!wanted && ptsUs < nextUs) {
      return false;
    }
    wanted = false;
    // On a grid from the run's start, so that whole seconds stay keyframes for any rate of frames;
    // half a frame early, so that rounding of timestamps never shifts one by a whole frame.
    nextUs = (Math.floorDiv(ptsUs + intervalUs / 2, gopUs) + 1) * gopUs - intervalUs / 2;
    return true;
  }
}
