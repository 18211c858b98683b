package io.github.raspberryspy.motion;

import io.github.raspberryspy.segments.Box;
import java.util.List;

/**
 * What was seen in one picture.
 *
 * @param score share of the picture that moves, 0 to 1
 * @param boxes where, largest first, at most 16
 * @param sinceNanos when what moves was first noticed, in capture time: it takes a moment to tell
 *     that it moves
 */
record Observation(double score, List<Box> boxes, long sinceNanos) {

  static final Observation NOTHING = new Observation(0, List.of(), Long.MAX_VALUE);

  boolean isMotion() {
    return !boxes.isEmpty();
  }
}
