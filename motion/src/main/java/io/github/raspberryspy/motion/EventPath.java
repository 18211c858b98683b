package io.github.raspberryspy.motion;

import java.util.ArrayList;
import java.util.List;

/**
 * The way that an event's leading body takes: the largest one at first, and when that is gone, the
 * largest of those that are left. Bounded: where there are too many points, every second one goes,
 * and further ones are taken half as often. The first and the latest are always there.
 */
final class EventPath {

  /** The most points of a path. */
  static final int MOST = 64;

  private static final long LEAST_STEP_NANOS = 100_000_000L;

  private final List<PathPoint> points = new ArrayList<>();
  private long stepNanos = LEAST_STEP_NANOS;
  private long leader;
  private PathPoint latest;

  /** The bodies of one more picture, largest first; not before the one before. */
  void add(List<Body> bodies, long nanos) {
    if (bodies.isEmpty()) {
      return;
    }
    Body body = bodies.get(0);
    for (Body other : bodies) {
      if (other.id() == leader) {
        body = other;
        break;
      }
    }
    boolean isOther = body.id() != leader;
    leader = body.id();
    if (latest != null && isOther) {
      keep(latest); // where the one before was seen last
    }
    latest = new PathPoint(nanos, body.x(), body.y(), leader);
    if (points.isEmpty() || isOther || nanos - last().nanos() >= stepNanos) {
      keep(latest);
    }
  }

  /** From the first point to the latest. */
  List<PathPoint> points() {
    List<PathPoint> all = new ArrayList<>(points);
    if (latest != null && !all.get(all.size() - 1).equals(latest)) {
      all.add(latest);
    }
    return all;
  }

  private void keep(PathPoint point) {
    if (!points.isEmpty() && last().equals(point)) {
      return;
    }
    points.add(point);
    if (points.size() >= MOST) {
      List<PathPoint> half = new ArrayList<>(MOST / 2);
      for (int i = 0; i < points.size(); i += 2) {
        half.add(points.get(i));
      }
      points.clear();
      points.addAll(half);
      stepNanos *= 2;
    }
  }

  private PathPoint last() {
    return points.get(points.size() - 1);
  }
}
