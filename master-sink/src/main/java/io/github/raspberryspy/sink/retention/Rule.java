package io.github.raspberryspy.sink.retention;

import java.time.Duration;

/**
 * How long, and how much, of a camera's footage is kept.
 *
 * @param maxAge how long footage without motion is kept; zero keeps it for ever
 * @param motionMaxAge how long footage is kept in which something moves, or of which that is not
 *     known; zero keeps it for ever, and less than the other changes nothing
 * @param maxBytes how much of the camera is kept, saved segments included; 0 sets no limit
 */
public record Rule(Duration maxAge, Duration motionMaxAge, long maxBytes) {

  /** Checks ranges. */
  public Rule {
    if (maxAge.isNegative() || motionMaxAge.isNegative()) {
      Duration wrong = maxAge.isNegative() ? maxAge : motionMaxAge;
      throw new IllegalArgumentException("retention age " + wrong + " is negative");
    }
    if (maxBytes < 0) {
      throw new IllegalArgumentException("retention size " + maxBytes + " is negative");
    }
  }

  /** How long such footage is kept; zero for ever. */
  public Duration age(boolean motion) {
    if (!motion || maxAge.isZero()) {
      return maxAge;
    }
    boolean isLonger = motionMaxAge.isZero() || motionMaxAge.compareTo(maxAge) > 0;
    return isLonger ? motionMaxAge : maxAge;
  }
}
