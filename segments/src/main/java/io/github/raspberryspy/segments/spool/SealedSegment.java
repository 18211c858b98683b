package io.github.raspberryspy.segments.spool;

import io.github.raspberryspy.segments.SegmentManifest;

/**
 * A segment that waits in the spool.
 *
 * @param manifest its facts
 * @param files where it lies
 */
public record SealedSegment(SegmentManifest manifest, SegmentFiles files) {}
