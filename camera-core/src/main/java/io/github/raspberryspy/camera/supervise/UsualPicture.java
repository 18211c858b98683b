package io.github.raspberryspy.camera.supervise;

/**
 * How bright and how detailed the picture usually is: a mean over about a minute, which follows
 * dusk and does not follow a hand before the lens. For one thread.
 */
final class UsualPicture {

  private static final double MINUTE = 60e9;

  /** Before that much has been seen, nothing is usual. */
  private static final long ENOUGH_NANOS = 5_000_000_000L;

  /* Lost below the first share of what is usual, back above the second. */
  private static final double LOST_MEAN = 0.6;
  private static final double LOST_DETAIL = 0.35;
  private static final double BACK_MEAN = 0.75;
  private static final double BACK_DETAIL = 0.5;

  private double mean;
  private double detail;
  private long seenNanos;
  private long lastNanos;
  private boolean hasLast;

  /** Takes in a picture that is as usual. */
  void add(LumaSample sample, long nowNanos) {
    // A pause, or pictures that were not as usual, count as the shortest of steps.
    long step = hasLast ? Math.min(Math.max(0, nowNanos - lastNanos), 1_000_000_000L) : 0;
    lastNanos = nowNanos;
    seenNanos += step;
    double weight = hasLast ? step / Math.min(MINUTE, Math.max(1.0, (double) seenNanos)) : 1;
    hasLast = true;
    mean += weight * (sample.mean() - mean);
    detail += weight * (sample.detail() - detail);
  }

  /**
   * Whether most of light and detail is gone.
   *
   * @param wasLost whether it was said to be before: it takes more to come back than to stay
   */
  boolean isLost(LumaSample sample, boolean wasLost) {
    if (seenNanos < ENOUGH_NANOS) {
      return false;
    }
    return sample.mean() < mean * (wasLost ? BACK_MEAN : LOST_MEAN)
        && sample.detail() < detail * (wasLost ? BACK_DETAIL : LOST_DETAIL);
  }
}
