package io.github.raspberryspy.daemon.analyze;

import java.util.Locale;

/** Lengths of time as people say them. */
final class Lengths {

  private Lengths() {}

  /** {@code 4.2 s}, {@code 3 min 05 s} or {@code 2 h 07 min}. */
  static String text(double seconds) {
    long whole = Math.round(seconds);
    if (whole < 60) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    if (whole < 3600) {
      return String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60);
    }
    return String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole / 60 % 60);
  }
}
