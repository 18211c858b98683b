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
 * @param page from 1
 * @param limit most segments on a page, from 1
 */
public record SegmentQuery(
    Optional<String> camera,
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<Motion> motion,
    Optional<Boolean> saved,
    boolean ascending,
    int page,
    int limit) {

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

  /** Whether it asks for all there is, of a camera or of all of them. */
  boolean isWhole() {
    return from.isEmpty() && to.isEmpty() && motion.isEmpty() && saved.isEmpty();
  }
}
