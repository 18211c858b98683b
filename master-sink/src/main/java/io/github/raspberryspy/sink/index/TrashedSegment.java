package io.github.raspberryspy.sink.index;

import java.time.Instant;

/**
 * A segment that somebody deleted, and that can still be had back.
 *
 * @param segment as it was, and will be again
 * @param deletedAt when, by the master's clock
 */
public record TrashedSegment(StoredSegment segment, Instant deletedAt) {}
