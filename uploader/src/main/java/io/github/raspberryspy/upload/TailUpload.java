package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.spool.SegmentFiles;

/**
 * The upload of a segment that is still being written, as far as it is durable here. It ends
 * without a word: once the segment is sealed, its ordinary upload finds what was sent. For one
 * thread.
 */
interface TailUpload {

  /** Where it lies here. */
  SegmentFiles files();

  /** Which it is. */
  SegmentId id();

  /** Bytes that the target has. */
  long sent();

  /**
   * Sends a chunk, after it has found out how far the target is.
   *
   * @param durable so many bytes may be sent
   * @return whether the target takes open segments at all
   * @throws UploadException why it was in vain; of a kind that does not concern all, if the rest of
   *     it is better sent when it is sealed
   */
  boolean send(long durable) throws UploadException;
}
