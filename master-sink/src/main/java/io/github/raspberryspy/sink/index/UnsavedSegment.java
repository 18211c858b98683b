package io.github.raspberryspy.sink.index;

import io.github.raspberryspy.segments.SegmentId;
import java.time.Instant;

/**
 * What retention needs to know of a segment.
 *
 * @param id which
 * @param receivedAt when the master received it
 * @param bytes how large it is
 */
public record UnsavedSegment(SegmentId id, Instant receivedAt, long bytes) {}
