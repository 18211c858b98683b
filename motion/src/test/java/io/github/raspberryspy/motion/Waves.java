package io.github.raspberryspy.motion;

import java.util.Random;

/** Smooth noise in time and in the plane, the same for the same seed at any rate of pictures. */
final class Waves {

  private final double[] rate;
  private final double[] phase;

  /** A sum of sines between two frequencies in Hz. */
  Waves(long seed, double leastHz, double mostHz) {
    Random random = new Random(seed);
    rate = new double[7];
    phase = new double[rate.length];
    for (int i = 0; i < rate.length; i++) {
      rate[i] = 2 * Math.PI * leastHz * Math.pow(mostHz / leastHz, (i + random.nextDouble()) / 7);
      phase[i] = 2 * Math.PI * random.nextDouble();
    }
  }

  /** About -1 to 1. */
  double at(double seconds) {
    double sum = 0;
    for (int i = 0; i < rate.length; i++) {
      sum += Math.sin(rate[i] * seconds + phase[i]);
    }
    return sum / 2.6;
  }

  /** 0 to 1, anew for each pair. */
  static double hash(long a, long b) {
    long h = a * 0x9E3779B97F4A7C15L + b * 0xC2B2AE3D27D4EB4FL;
    h = (h ^ (h >>> 29)) * 0xBF58476D1CE4E5B9L;
    h = (h ^ (h >>> 32)) * 0x94D049BB133111EBL;
    return ((h ^ (h >>> 31)) >>> 11) * 0x1.0p-53;
  }

  /** Value noise in the plane, 0 to 1, a cell being 1 wide. */
  static double plane(long seed, double x, double y) {
    long left = (long) Math.floor(x);
    long top = (long) Math.floor(y);
    double u = smooth(x - left);
    double v = smooth(y - top);
    long row = seed * 7919 + top;
    double above = hash(row, left) * (1 - u) + hash(row, left + 1) * u;
    double below = hash(row + 1, left) * (1 - u) + hash(row + 1, left + 1) * u;
    return above * (1 - v) + below * v;
  }

  /** 0 below the first, 1 above the second, smooth between. */
  static double step(double from, double to, double value) {
    return smooth(Math.max(0, Math.min(1, (value - from) / (to - from))));
  }

  private static double smooth(double t) {
    return t * t * (3 - 2 * t);
  }
}
