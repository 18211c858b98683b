package io.github.raspberryspy.sink.index;

import java.time.Instant;
import java.util.Optional;

/**
 * Which segments somebody wants to see.
 *
 * @param camera of this camera only
 * @param from that end after this moment
 * @param to that start before this moment
 * @param motion what is known of motion in them
 * @param saved saved ones, or others
 * @param ascending oldest first; newest first otherwise
 * @param after that come behind this place in the listing
 * @param page from 1, counted from there
 * @param limit most segments on a page, from 1
 * @param zone in which something moved in this zone of their camera
 */
public record SegmentQuery(
    Optional<String> camera,
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<Motion> motion,
    Optional<Boolean> saved,
    boolean ascending,
    Optional<SegmentPosition> after,
    int page,
    int limit,
    Optional<String> zone) {

  /** Whatever the zone. */
  public SegmentQuery(
      Optional<String> camera,
      Optional<Instant> from,
      Optional<Instant> to,
      Optional<Motion> motion,
      Optional<Boolean> saved,
      boolean ascending,
      Optional<SegmentPosition> after,
      int page,
      int limit) {
    this(camera, from, to, motion, saved, ascending, after, page, limit, Optional.empty());
  }

  /** What is known of motion in a segment: each is one of these. */
  public enum Motion {
    /** Something moved. */
    SOME,
    /** It is known of all of it that nothing did. */
    NONE,
    /**
     * Nothing was seen to move, and for a part of it at least nobody could tell, or was to look.
     */
    UNKNOWN
  }

  /** Whether how many there are is known without counting: of all time, and of all zones. */
  boolean isTallied() {
    return from.isEmpty() && to.isEmpty() && zone.isEmpty();
  }
}
