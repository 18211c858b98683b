package io.github.raspberryspy.motion;

import io.github.raspberryspy.segments.Box;

/** A connected area of cells that are out of the ordinary, and what was measured of it. */
final class Blob {

  private static final int LEAST_CELLS = 2;
  private static final double LEAST_ACTIVE = 0.05;
  private static final double LEAST_FRESH = 0.1;
  private static final double LEAST_RICHER = 0.15;
  private static final double LEAST_WAY = 1.5;
  private static final double LEAST_WAY_OF_SIZE = 0.2;
  private static final double GHOST_RICHER = 0.3;

  final int firstRun; // of the finder
  final int left;
  final int top;
  final int right;
  final int bottom;
  final int area;

  /** Sum of how far its cells deviate, in thresholds. */
  double mass;

  /** Cells that are not what they were a second ago. */
  int active;

  /** Cells with more contrast than usual. */
  int richer;

  /** Cells that it has entered lately, some time after it appeared. */
  int fresh;

  /** Cells in which a body was a moment ago. */
  int known;

  /** Whether it came by a leap, and of how many cells; see {@link Leaps}. */
  boolean isFromAfar;

  double leapX;
  double leapY;

  /** Whether it is elsewhere in the next picture. */
  boolean hasLeapt;

  /** Where its middle was when it appeared, in cells. */
  double startX;

  double startY;

  /** When it appeared. */
  long sinceNanos;

  /** For how long it has moved. */
  long movedNanos;

  /** Until when it may stand and still counts. */
  long untilNanos = Long.MIN_VALUE;

  /**
   * What {@link BlobFinder} finds.
   *
   * @param row left, top, width, height, area
   */
  Blob(int firstRun, int[] row) {
    this.firstRun = firstRun;
    this.left = row[0];
    this.top = row[1];
    this.right = row[0] + row[2];
    this.bottom = row[1] + row[3];
    this.area = row[4];
    this.startX = middleX();
    this.startY = middleY();
  }

  /**
   * Whether it goes to new places, as a body does. A lamp changes much, but only where it shines,
   * and a patch of light that fades has less contrast than before.
   */
  boolean moves() {
    return active >= atLeast(LEAST_ACTIVE)
        && fresh >= atLeast(LEAST_FRESH)
        && richer >= LEAST_RICHER * area;
  }

  /** Whether all of it has gone some way since it appeared: what only stirs has not. */
  boolean travels() {
    double way = Math.hypot(middleX() - startX, middleY() - startY);
    return way >= Math.max(LEAST_WAY, LEAST_WAY_OF_SIZE * Math.sqrt(area));
  }

  /** Whether it is the place that something has left: nothing stirs, and contrast is missing. */
  boolean isGhost() {
    return active < LEAST_CELLS && richer < GHOST_RICHER * area;
  }

  double middleX() {
    return (left + right) / 2.0;
  }

  double middleY() {
    return (top + bottom) / 2.0;
  }

  /** The diagonal of its box, in cells. */
  double length() {
    return Math.hypot(right - left, bottom - top);
  }

  /** Where it is, in shares of the picture. */
  Box box(int columns, int rows) {
    return new Box(
        left / (double) columns,
        top / (double) rows,
        (right - left) / (double) columns,
        (bottom - top) / (double) rows);
  }

  private double atLeast(double share) {
    return Math.max(LEAST_CELLS, share * area);
  }
}
