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
 * @param zones names of the trigger zones that it touched, in the order in which it did
 * @param boxes where in the picture it has been seen, at most 16
 * @param path the way that its leading body took, at most 64 points, in order
 */
public record MotionEvent(
    long startNanos,
    long endNanos,
    double score,
    List<String> zones,
    List<Box> boxes,
    List<PathPoint> path) {

  /** Copies the lists. */
  public MotionEvent {
    if (endNanos < startNanos) {
      throw new IllegalArgumentException(
          "an event ends " + (startNanos - endNanos) + " ns before its start");
    }
    zones = List.copyOf(zones);
    boxes = List.copyOf(boxes);
    path = List.copyOf(path);
  }

  /** The same, up to another moment. */
  MotionEvent until(long nanos) {
    return new MotionEvent(startNanos, nanos, score, zones, boxes, path);
  }
}
