package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.io.IOException;

/**
 * Begins uploads on one lane of the link, and counts what is taken on it. It remembers nothing of
 * them: where an upload was broken off, the target says how far it came. Thread-safe; each upload
 * is for one thread at a time.
 */
interface TargetClient {

  /**
   * The upload of a sealed segment, which the caller closes.
   *
   * @throws UploadException if its file is not what its manifest says, or cannot be read
   */
  SealedUpload begin(SealedSegment segment) throws UploadException;

  /**
   * Brings a segment to the target, as {@link SealedUpload#seal} does.
   *
   * @throws UploadException why not
   */
  default Receipt upload(SealedSegment segment) throws UploadException {
    try (SealedUpload upload = begin(segment)) {
      return upload.seal();
    } catch (UploadException e) {
      throw e;
    } catch (IOException e) {
      throw new UploadException(Kind.DISK, segment.files().video() + " cannot be closed", e);
    }
  }

  /** Whether the target takes a segment that is still being written. */
  default boolean takesOpenSegments() {
    return true;
  }

  /** The upload of a segment that is still being written. */
  TailUpload open(SegmentFiles files, SegmentId id);

  /** Bytes that the target took, those sent twice included. */
  long acceptedBytes();
}
