package io.github.raspberryspy.motion;

import io.github.raspberryspy.segments.Box;
import java.util.List;
import java.util.Optional;

/**
 * What the detector says about one frame. Immutable.
 *
 * @param motion whether an event is under way at this frame; one that has lasted less than the
 *     minimum is not told yet: its {@link #began} names its true start later
 * @param score share of the picture that moves now, 0 to 1
 * @param bodies what moves, largest first, at most 16; empty while nothing does
 * @param began the event that was recognised at this frame; its start lies before it
 * @param ended the event of which this frame told that it is over; its end lies before it
 */
public record MotionResult(
    boolean motion,
    double score,
    List<Body> bodies,
    Optional<MotionEvent> began,
    Optional<MotionEvent> ended) {

  static final MotionResult STILL =
      new MotionResult(false, 0, List.of(), Optional.empty(), Optional.empty());

  /** Copies the list. */
  public MotionResult {
    bodies = List.copyOf(bodies);
  }

  /** Where it moves, in shares of the picture, largest first. */
  public List<Box> boxes() {
    return bodies.stream().map(Body::box).toList();
  }

  /** The same verdict for a frame that was not looked at itself. */
  MotionResult carriedOver() {
    return began.isEmpty() && ended.isEmpty()
        ? this
        : new MotionResult(motion, score, bodies, Optional.empty(), Optional.empty());
  }
}
