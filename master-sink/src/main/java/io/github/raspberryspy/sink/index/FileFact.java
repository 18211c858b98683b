package io.github.raspberryspy.sink.index;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.SegmentId;

/**
 * What a file has to be.
 *
 * @param id of the segment
 * @param path of the video below the footage folder
 * @param content its size and hash
 */
public record FileFact(SegmentId id, String path, Content content) {}
