package io.github.raspberryspy.camera.source;

import java.util.Arrays;

/**
 * Keeps the time of a camera that has a clock of its own in step with the computer's: a crystal
 * that is off by 50 millionths is off by four seconds a day.
 *
 * <p>A packet arrives some time after it was made, and the least of many delays changes only with
 * the clocks. What it has changed since the first minute is made good slowly, so that time goes on
 * evenly and never back. For one thread.
 */
final class ArrivalClock {

  private static final long BUCKET_US = 10_000_000;
  private static final int BUCKETS = 6;

  /** The most that is made good, of the time that passes. */
  private static final long SLOWNESS = 5_000;

  private final long[] least = new long[BUCKETS]; // delay by the camera's clock, in each bucket
  private long buckets;
  private long bucketEndUs = BUCKET_US;
  private long current = Long.MAX_VALUE;
  private long usual; // least delay of the first minute
  private long corrected; // what is made good, in parts of a microsecond: SLOWNESS make one
  private long wanted; // likewise
  private long lastUs;

  /**
   * A packet has arrived.
   *
   * @param us its time by the camera's clock, in the order of decoding
   * @param arrivedUs time by the computer's clock, since any moment
   * @return what is to be added to its times
   */
  long correct(long us, long arrivedUs) {
    long most = Math.max(0, us - lastUs);
    lastUs = us;
    corrected += Math.max(-most, Math.min(most, wanted - corrected));
    current = Math.min(current, arrivedUs - us);
    if (us >= bucketEndUs) {
      least[(int) (buckets % BUCKETS)] = current;
      buckets++;
      current = Long.MAX_VALUE;
      bucketEndUs = us + BUCKET_US;
      judge();
    }
    return Math.floorDiv(corrected, SLOWNESS);
  }

  private void judge() {
    if (buckets < BUCKETS) {
      return;
    }
    long now = Arrays.stream(least).min().getAsLong();
    if (buckets == BUCKETS) {
      usual = now;
    }
    wanted = (now - usual) * SLOWNESS;
  }
}
