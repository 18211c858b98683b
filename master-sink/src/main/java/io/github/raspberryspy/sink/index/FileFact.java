package io.github.raspberryspy.sink.index;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.SegmentId;
import java.time.Instant;

/**
 * What a file has to be.
 *
 * @param id of the segment
 * @param path of the video below the footage folder
 * @param content its size and hash
 * @param receivedAt when it came: what comes again under the same id is another one
 */
public record FileFact(SegmentId id, String path, Content content, Instant receivedAt) {

  /** Of a row. */
  public static FileFact of(StoredSegment row) {
    return new FileFact(
        row.manifest().id(), row.path(), row.manifest().content(), row.receivedAt());
  }
}
