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
 */
record Candidate(SegmentId id, Instant receivedAt, long bytes, boolean saved) {}
