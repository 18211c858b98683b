package io.github.raspberryspy.motion;

import io.github.raspberryspy.segments.Box;
import java.util.List;

/**
 * One event: something moved from here to there in time. Immutable.
 *
 * @param startNanos capture time of the first frame with motion, on the clock of {@link
 *     System#nanoTime}
 * @param endNanos capture time of the latest frame with motion so far; the final one once it ended
 * @param score strongest changed share of the picture, 0 to 1
 * @param boxes where in the picture it has been seen, at most 16
 */
public record MotionEvent(long startNanos, long endNanos, double score, List<Box> boxes) {

  /** Copies the list. */
  public MotionEvent {
    if (endNanos < startNanos) {
      throw new IllegalArgumentException(
          "an event ends " + (startNanos - endNanos) + " ns before its start");
    }
    boxes = List.copyOf(boxes);
  }
}
