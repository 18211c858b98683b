package io.github.raspberryspy.motion;

import io.github.raspberryspy.segments.Box;
import java.util.List;

/**
 * What was seen in one picture, without memory of the ones before.
 *
 * @param score share of the picture that moves, 0 to 1
 * @param boxes where, largest first, at most 16
 */
record Observation(double score, List<Box> boxes) {

  static final Observation NOTHING = new Observation(0, List.of());

  boolean isMotion() {
    return !boxes.isEmpty();
  }
}
