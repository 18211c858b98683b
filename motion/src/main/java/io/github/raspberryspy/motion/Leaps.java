package io.github.raspberryspy.motion;

import java.util.List;

/**
 * Recognises what goes farther from one picture to the next than it is long, as a car does at a few
 * pictures a second. An area that shares no cell with any before is one that has gone from its
 * place, if it weighs about as much and was not far away; from its second leap on, where it was
 * headed counts. One thread at a time.
 */
final class Leaps {

  /** Pictures that are farther apart show nothing of a way. */
  private static final long LONGEST_NANOS = 500_000_000L;

  /** The lighter of the two weighs at least one part in so many. */
  private static final double ALIKE = 2.5;

  /** How far the first leap may go, in lengths. */
  private static final double FARTHEST = 2;

  /** By how much a later leap may differ from the one before, in leaps and in lengths. */
  private static final double UNSTEADY = 0.3;

  private static final double INEXACT = 0.5;

  private List<Blob> before = List.of();
  private long beforeNanos = Long.MIN_VALUE;

  /**
   * Tells those areas of the latest picture that nothing is known of since when they have been
   * there, if they came by a leap. All of them know by then what their cells remember.
   *
   * @param leastMass the lightest that is looked for; kept as they are until the next call
   */
  void find(List<Blob> blobs, double leastMass, long nanos) {
    if (beforeNanos != Long.MIN_VALUE && nanos - beforeNanos <= LONGEST_NANOS) {
      for (Blob blob : blobs) {
        if (blob.sinceNanos == nanos && blob.mass >= leastMass) {
          find(blob);
        }
      }
    }
    before = blobs;
    beforeNanos = nanos;
  }

  private void find(Blob blob) {
    double least = 1;
    Blob closest = null;
    for (Blob from : before) {
      boolean isAlike = from.mass < ALIKE * blob.mass && blob.mass < ALIKE * from.mass;
      double far = isAlike ? far(from, blob) : 1;
      if (far < least && !from.hasLeapt) {
        least = far;
        closest = from;
      }
    }
    if (closest != null) {
      closest.hasLeapt = true;
      blob.isFromAfar = true;
      blob.leapX = blob.middleX() - closest.middleX();
      blob.leapY = blob.middleY() - closest.middleY();
      blob.sinceNanos = closest.sinceNanos;
      blob.startX = closest.startX;
      blob.startY = closest.startY;
    }
  }

  /** Below 1 where it may have gone so far. */
  private static double far(Blob from, Blob to) {
    double x = to.middleX() - from.middleX();
    double y = to.middleY() - from.middleY();
    double length = (from.length() + to.length()) / 2;
    if (!from.isFromAfar) {
      return Math.hypot(x, y) / (FARTHEST * length);
    }
    double most = UNSTEADY * Math.hypot(from.leapX, from.leapY) + INEXACT * length;
    return Math.hypot(x - from.leapX, y - from.leapY) / most;
  }
}
