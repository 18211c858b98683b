package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.natives.v4l2.V4l2Buffer;

/**
 * Times and numbers of one run of a camera, from what its driver says about each picture.
 *
 * <p>The driver's monotonic clock is the one behind {@link System#nanoTime} (CLOCK_MONOTONIC) on
 * the JVMs for Linux; where the two turn out to be apart, the first picture's arrival ties them
 * together. A driver without monotonic times has pictures stamped as they arrive.
 */
final class V4l2Clock {

  private static final long FAR_APART_NANOS = 5_000_000_000L;

  /** More missing at once than any camera loses: its counter began anew. */
  private static final int PLAUSIBLE_GAP = 10_000;

  private boolean hasBegun;
  private long firstNanos;
  private long offsetNanos; // from the driver's clock to ours
  private long captureNanos;
  private long ptsUs;
  private int lastSequence;

  /**
   * Takes in the next picture.
   *
   * @param nowNanos when it arrived
   * @return how many the driver has lost since the one before
   */
  int accept(V4l2Buffer picture, long nowNanos) {
    long stamped = picture.hasMonotonicTime() ? picture.timestampNanos() : nowNanos;
    int sequence = picture.sequence();
    int gap = hasBegun ? sequence - lastSequence - 1 : 0;
    lastSequence = sequence;
    if (!hasBegun) {
      hasBegun = true;
      offsetNanos = Math.abs(nowNanos - stamped) > FAR_APART_NANOS ? nowNanos - stamped : 0;
      captureNanos = stamped + offsetNanos;
      firstNanos = captureNanos;
      ptsUs = 0;
    } else {
      captureNanos = stamped + offsetNanos;
      ptsUs = Math.max(ptsUs + 1, (captureNanos - firstNanos) / 1000);
    }
    return gap > 0 && gap < PLAUSIBLE_GAP ? gap : 0;
  }

  /** When the latest picture was captured, on the clock of {@link System#nanoTime}. */
  long captureNanos() {
    return captureNanos;
  }

  /** Since the first picture; always more than the one before. */
  long ptsUs() {
    return ptsUs;
  }
}
