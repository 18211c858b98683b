package io.github.raspberryspy.motion;

import java.util.Arrays;

/**
 * What each cell of the grid remembers of the blobs that were in it: so a blob is recognised in the
 * next picture without being searched for. One thread at a time.
 */
final class CellHistory {

  private static final long NEVER = Long.MIN_VALUE / 2;

  /** A body that was not seen here for so long has gone. */
  private static final long GONE = 1_000_000_000L;

  /** After so long without a blob, the next one enters. */
  private static final long LEFT = 300_000_000L;

  /** A blob that comes within so long is the one that was here. */
  private static final long SAME = 500_000_000L;

  /** What a blob enters later than this after it appeared, it has moved to. */
  private static final long SETTLED = 250_000_000L;

  /** For so long a cell is newly entered. */
  private static final long FRESH = 500_000_000L;

  private final long[] seen;
  private final long[] entered;
  private final long[] since;
  private final float[] startX;
  private final float[] startY;
  private final long[] until;
  private final long[] moved;
  private final long[] kept;

  /** Of so many cells. */
  CellHistory(int cells) {
    seen = new long[cells];
    entered = new long[cells];
    since = new long[cells];
    startX = new float[cells];
    startY = new float[cells];
    until = new long[cells];
    moved = new long[cells];
    kept = new long[cells];
    Arrays.fill(seen, NEVER);
    Arrays.fill(until, NEVER);
  }

  /** Tells a blob what a cell of it has seen before; all of its cells, before {@link #enter}. */
  void remind(Blob blob, int cell, long nanos) {
    long ago = nanos - seen[cell];
    if (ago < SAME && since[cell] < blob.sinceNanos) {
      blob.sinceNanos = since[cell];
      blob.startX = startX[cell];
      blob.startY = startY[cell];
    }
    if (until[cell] > nanos && nanos - kept[cell] < GONE) {
      blob.known++;
      blob.untilNanos = Math.max(blob.untilNanos, until[cell]);
      blob.movedNanos = Math.max(blob.movedNanos, moved[cell]);
    }
  }

  /** The blob is in this cell now. */
  void enter(Blob blob, int cell, long nanos) {
    if (nanos - seen[cell] > LEFT) {
      entered[cell] = nanos;
    }
    seen[cell] = nanos;
    since[cell] = blob.sinceNanos;
    startX[cell] = (float) blob.startX;
    startY[cell] = (float) blob.startY;
    if (nanos - entered[cell] < FRESH && entered[cell] - blob.sinceNanos > SETTLED) {
      blob.fresh++;
    }
  }

  /** The blob in this cell is a body. */
  void keep(Blob blob, int cell, long nanos) {
    kept[cell] = nanos;
    until[cell] = blob.untilNanos;
    moved[cell] = blob.movedNanos;
  }
}
