package io.github.raspberryspy.sink.index;

/**
 * A file whose deletion has begun.
 *
 * @param path of the video below the footage folder
 * @param segment id of the segment that it was
 */
public record Garbage(String path, String segment) {}
