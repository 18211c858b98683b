package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.SegmentId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which segment each camera was last seen to be at, since the master started: those before it grow
 * no more, and neither do those of another key, which another spool has counted. Thread-safe.
 */
final class Filming {

  private final Map<String, SegmentId> latest = new ConcurrentHashMap<>();

  /** Its camera films this one now. */
  void growing(SegmentId id) {
    latest.merge(id.camera(), id, (known, said) -> isBefore(said, known) ? known : said);
  }

  /** Its camera has sealed this one, lately or long ago. */
  void sealed(SegmentId id) {
    latest.merge(id.camera(), id, (known, said) -> isBefore(known, said) ? said : known);
  }

  /** Whether its camera films another one now. */
  boolean isOver(SegmentId id) {
    SegmentId known = latest.get(id.camera());
    return known != null && (!known.key().equals(id.key()) || isBefore(id, known));
  }

  private static boolean isBefore(SegmentId one, SegmentId other) {
    return one.key().equals(other.key()) && one.compareTo(other) < 0;
  }
}
