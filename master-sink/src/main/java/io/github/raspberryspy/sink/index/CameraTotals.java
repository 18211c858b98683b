package io.github.raspberryspy.sink.index;

/**
 * How much footage of one camera there is.
 *
 * @param camera its name
 * @param segments number of segments, above 0
 * @param bytes their size
 * @param latestSegment id of the one that was filmed last
 */
public record CameraTotals(String camera, long segments, long bytes, String latestSegment) {}
