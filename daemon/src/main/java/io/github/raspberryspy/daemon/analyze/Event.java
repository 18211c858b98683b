package io.github.raspberryspy.daemon.analyze;

import io.github.raspberryspy.motion.MotionEvent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Motion from here to there, on the clock of a run. Immutable.
 *
 * @param startUs its first picture, microseconds
 * @param endUs its last picture
 * @param score strongest changed share of the picture, 0 to 1
 * @param zones names of the trigger zones that it touched
 */
record Event(long startUs, long endUs, double score, List<String> zones) {

  Event {
    zones = List.copyOf(zones);
  }

  static Event of(MotionEvent e) {
    return new Event(e.startNanos() / 1000, e.endNanos() / 1000, e.score(), e.zones());
  }

  boolean touches(long fromUs, long toUs) {
    return startUs <= toUs && endUs >= fromUs;
  }

  boolean touches(Event other) {
    return touches(other.startUs, other.endUs);
  }

  /** What of it lies within; it must touch it. */
  Event within(long fromUs, long toUs) {
    return new Event(Math.max(startUs, fromUs), Math.min(endUs, toUs), score, zones);
  }

  double seconds() {
    return (endUs - startUs) / 1e6;
  }

  /**
   * Puts together what is no further apart than this, such as the two halves of an event that was
   * under way between two stretches.
   */
  static List<Event> joined(List<Event> inOrder, long apartUs) {
    List<Event> joined = new ArrayList<>();
    for (Event event : inOrder) {
      int last = joined.size() - 1;
      if (last >= 0 && event.startUs - joined.get(last).endUs <= apartUs) {
        joined.set(last, joined.get(last).with(event));
      } else {
        joined.add(event);
      }
    }
    return joined;
  }

  private Event with(Event next) {
    Set<String> all = new LinkedHashSet<>(zones);
    all.addAll(next.zones);
    return new Event(
        startUs, Math.max(endUs, next.endUs), Math.max(score, next.score), List.copyOf(all));
  }
}
