package io.github.raspberryspy.motion;

import java.util.List;

/**
 * What was seen in one picture.
 *
 * @param score share of the picture that moves, 0 to 1
 * @param bodies what moves, largest first, at most 16
 */
record Observation(double score, List<Body> bodies) {

  static final Observation NOTHING = new Observation(0, List.of());

  boolean isMotion() {
    return !bodies.isEmpty();
  }

  /**
   * When what moves was first noticed, in capture time: it takes a moment to tell that it moves.
   */
  long sinceNanos() {
    long since = Long.MAX_VALUE;
    for (Body body : bodies) {
      since = Math.min(since, body.sinceNanos());
    }
    return since;
  }
}
