package io.github.raspberryspy.benchmarks.load;

/** What so much of all times does not exceed. */
final class Quantiles {

  private Quantiles() {}

  /**
   * The nearest rank of times in nanoseconds, in milliseconds; 0 of none.
   *
   * @param sorted the shortest first
   * @param share from 0 to 1
   */
  static double milliseconds(long[] sorted, double share) {
    return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(share * (sorted.length - 1))] / 1e6;
  }
}
