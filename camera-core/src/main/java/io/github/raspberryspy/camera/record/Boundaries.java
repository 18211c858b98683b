package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.segments.CloseReason;
import java.util.function.LongSupplier;

/**
 * Where segments are to end: on a grid of their length, so that lengths do not add up the rounding
 * to keyframes. A length that was changed is measured from the beginning of the open segment. For
 * one thread.
 */
final class Boundaries {

  private final LongSupplier wantedUs;
  private final long halfFrameUs;
  private long lengthUs; // by which the boundary was set
  private long openedUs; // first keyframe of the open segment
  private long boundaryUs;
  private boolean keepsGrid;

  /**
   * None yet.
   *
   * @param wantedUs the length of a segment as it is now
   */
  Boundaries(LongSupplier wantedUs, long frameIntervalUs) {
    this.wantedUs = wantedUs;
    this.halfFrameUs = frameIntervalUs / 2;
  }

  /** A segment begins with this keyframe. */
  void begin(long ptsUs) {
    openedUs = ptsUs;
    measure();
    boundaryUs = keepsGrid ? boundaryUs : ptsUs + lengthUs;
    while (boundaryUs - halfFrameUs <= ptsUs) {
      boundaryUs += lengthUs;
    }
    keepsGrid = true;
  }

  /** Whether the open segment is to end before this keyframe. */
  boolean isDue(long ptsUs) {
    measure();
    return ptsUs >= boundaryUs - halfFrameUs;
  }

  /** The open segment ends; one that does so before its time begins another grid. */
  void end(CloseReason reason) {
    keepsGrid = reason == CloseReason.TIME;
  }

  private void measure() {
    if (wantedUs.getAsLong() != lengthUs) {
      lengthUs = wantedUs.getAsLong();
      boundaryUs = openedUs + lengthUs;
    }
  }
}
