package io.github.raspberryspy.motion;

import io.github.raspberryspy.segments.Box;
import io.github.raspberryspy.segments.EventSpan;
import java.util.ArrayList;
import java.util.List;

/** Where an event has been seen: a bounded number of boxes that cover all that were added. */
final class EventBoxes {

  private static final double LOOSE = 1.3;

  private final List<Box> boxes = new ArrayList<>();

  List<Box> list() {
    return List.copyOf(boxes);
  }

  void clear() {
    boxes.clear();
  }

  void add(Box box) {
    int best = -1;
    double least = LOOSE;
    for (int i = 0; i < boxes.size(); i++) {
      double waste = waste(boxes.get(i), box);
      if (waste < least) {
        least = waste;
        best = i;
      }
    }
    if (best >= 0) {
      boxes.set(best, boxes.get(best).union(box));
      return;
    }
    boxes.add(box);
    if (boxes.size() > EventSpan.MAX_BOXES) {
      joinClosest();
    }
  }

  private void joinClosest() {
    int first = 0;
    int second = 1;
    double least = Double.MAX_VALUE;
    for (int i = 0; i < boxes.size(); i++) {
      for (int j = i + 1; j < boxes.size(); j++) {
        double waste = waste(boxes.get(i), boxes.get(j));
        if (waste < least) {
          least = waste;
          first = i;
          second = j;
        }
      }
    }
    boxes.set(first, boxes.get(first).union(boxes.get(second)));
    boxes.remove(second);
  }

  /**
   * How many times larger one box around both is than both together; below 1 where they overlap.
   */
  private static double waste(Box a, Box b) {
    return area(a.union(b)) / Math.max(area(a) + area(b), 1e-9);
  }

  private static double area(Box box) {
    return box.width() * box.height();
  }
}
