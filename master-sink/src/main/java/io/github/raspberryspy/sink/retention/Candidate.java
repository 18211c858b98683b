package io.github.raspberryspy.sink.retention;

import io.github.raspberryspy.segments.SegmentId;
import java.time.Instant;

/**
 * A segment that may have to go.
 *
 * @param id which
 * @param receivedAt when the master received it
 * @param bytes how large it is
 * @param saved whether somebody saved it
 * @param motion whether something moves in it, or nobody knows that nothing does
 * @param hasMore whether its group has more, which were received later and are not looked at yet
 */
record Candidate(
    SegmentId id, Instant receivedAt, long bytes, boolean saved, boolean motion, boolean hasMore) {}
