package io.github.raspberryspy.sink.retention;

import java.time.Instant;
import java.util.Map;

/**
 * How things stand.
 *
 * @param usedBytes footage there is, saved segments included
 * @param usedByCamera the same of each camera
 * @param unsavedByCamera what a camera takes of the disk without saved segments: manifests and
 *     their rows in the index too, or many small files would cost a camera nothing
 * @param missingBytes how much less is free on the disk than has to be; not above 0 where enough is
 * @param now by the master's clock
 */
record Usage(
    long usedBytes,
    Map<String, Long> usedByCamera,
    Map<String, Long> unsavedByCamera,
    long missingBytes,
    Instant now) {}
