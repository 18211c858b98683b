package io.github.raspberryspy.natives.v4l2;

import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Keeps account of a camera's buffers, so that a hole in the numbers of its pictures can be laid at
 * somebody's door. Where the camera had an empty buffer all through the hole, it did not fill it: a
 * virtual camera's thread is late where its machine is busy, and counts on. Otherwise the reader is
 * to blame, who had them all.
 *
 * <p>For one thread; pictures are given back in the order in which they were taken. Source: Linux
 * {@code drivers/media/test-drivers/vivid/vivid-kthread-cap.c}, which numbers pictures by the time
 * gone by and leaves one out that is late, or for which its list of buffers is empty.
 */
public final class BufferLedger {

  /**
   * By how many intervals a picture may have been filled before the time that it is stamped with.
   */
  private static final int EARLY = 2;

  private static final long OUT = Long.MAX_VALUE;

  private final int buffers;
  private final long slackNanos;
  private final ArrayDeque<long[]> taken = new ArrayDeque<>(); // the latest last: when returned
  private long lastStamp;
  private long lost;
  private long lostByReader;
  private int fewestEmpty;

  /**
   * An account without entries.
   *
   * @param buffers how many go round
   * @param fps pictures a second
   */
  public BufferLedger(int buffers, double fps) {
    this.buffers = buffers;
    this.slackNanos = Math.round(EARLY * 1e9 / fps);
    this.fewestEmpty = buffers;
  }

  /**
   * A picture was taken.
   *
   * @param stampNanos its time, on the clock of {@link System#nanoTime}
   * @param missing how many numbers are missing before it
   */
  public void taken(long stampNanos, long missing) {
    if (missing > 0) {
      int empty = buffers - outAt(lastStamp - slackNanos);
      fewestEmpty = Math.min(fewestEmpty, empty);
      lost += missing;
      lostByReader += empty > 0 ? 0 : missing;
    }
    lastStamp = stampNanos;
    taken.add(new long[] {OUT});
    while (taken.size() > 4 * buffers && taken.peek()[0] != OUT) {
      taken.remove();
    }
  }

  /** The oldest picture that is out has been given back. */
  public void returned() {
    for (long[] picture : taken) {
      if (picture[0] == OUT) {
        picture[0] = System.nanoTime();
        return;
      }
    }
    throw new IllegalStateException("more was given back than taken");
  }

  /** How many numbers were missing. */
  public long lost() {
    return lost;
  }

  /** How many of them for want of an empty buffer. */
  public long lostByReader() {
    return lostByReader;
  }

  @Override
  public String toString() {
    return lost + " lost, each with " + fewestEmpty + " of " + buffers + " buffers empty at least";
  }

  /** How many of the pictures so far were not back at a time: their buffers were not empty. */
  private int outAt(long nanos) {
    int out = 0;
    for (Iterator<long[]> latest = taken.descendingIterator(); latest.hasNext(); ) {
      if (latest.next()[0] - nanos < 0) {
        return out;
      }
      out++;
    }
    return out;
  }
}
