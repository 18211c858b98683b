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

  private boolean hasBegun; // with a picture that has a time
  private boolean hasSequence;
  private long firstNanos;
  private long offsetNanos; // from the driver's clock to ours
  private long captureNanos;
  private long ptsUs;
  private int lastSequence;

  /**
   * Takes in the next picture. One that is damaged counts, but drivers leave out its time, or an
   * old one in: it has none here.
   *
   * @param nowNanos when it arrived
   * @return how many the driver has lost since the one before
   */
  int accept(V4l2Buffer picture, long nowNanos) {
    int sequence = picture.sequence();
    int gap = hasSequence ? sequence - lastSequence - 1 : 0;
    hasSequence = true;
    lastSequence = sequence;
    if (!picture.isDamaged()) {
      place(picture.hasMonotonicTime() ? picture.timestampNanos() : nowNanos, nowNanos);
    }
    return gap > 0 && gap < PLAUSIBLE_GAP ? gap : 0;
  }

  private void place(long stamped, long nowNanos) {
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
  }

  /** When the latest sound picture was captured, on the clock of {@link System#nanoTime}. */
  long captureNanos() {
    return captureNanos;
  }

  /** Since the first picture; always more than the one before. */
  long ptsUs() {
    return ptsUs;
  }
}
