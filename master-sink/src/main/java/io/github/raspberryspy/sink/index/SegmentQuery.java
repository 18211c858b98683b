package io.github.raspberryspy.sink.index;

import java.time.Instant;
import java.util.Optional;

/**
 * Which segments somebody wants to see.
 *
 * @param camera of this camera only
 * @param from that end after this moment
 * @param to that start before this moment
 * @param motion with motion, or without
 * @param saved saved ones, or others
 * @param ascending oldest first; newest first otherwise
 * @param page from 1
 * @param limit most segments on a page, from 1
 */
public record SegmentQuery(
    Optional<String> camera,
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<Boolean> motion,
    Optional<Boolean> saved,
    boolean ascending,
    int page,
    int limit) {}
