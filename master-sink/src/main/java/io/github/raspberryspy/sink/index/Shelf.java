package io.github.raspberryspy.sink.index;

import java.time.Instant;

/**
 * What there is of one camera.
 *
 * @param camera its name
 * @param segments number of segments, above 0
 * @param bytes their size
 * @param saved how many of them somebody saved
 * @param savedBytes the size of those
 * @param besideBytes what those that nobody saved take beside it: manifests and rows of the index
 * @param oldest when the first of them begins
 */
public record Shelf(
    String camera,
    long segments,
    long bytes,
    long saved,
    long savedBytes,
    long besideBytes,
    Instant oldest) {}
