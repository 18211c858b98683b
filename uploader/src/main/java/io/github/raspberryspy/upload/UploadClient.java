package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Begins uploads of sealed segments, and of one that is still open, on one lane of the link, and
 * counts what the master takes on it. It remembers nothing of them: where an upload was broken off,
 * the master says how far it came. Thread-safe; each upload is for one thread at a time.
 */
final class UploadClient {

  private final UploaderConfig config;
  private final TusCalls calls;
  private final SharedLink.Lane lane;
  private final AtomicLong acceptedBytes = new AtomicLong();

  /** Borrows the calls. */
  UploadClient(UploaderConfig config, TusCalls calls, SharedLink.Lane lane) {
    this.config = config;
    this.calls = calls;
    this.lane = lane;
  }

  /** Bytes that masters took since this client was made. */
  long acceptedBytes() {
    return acceptedBytes.get();
  }

  /**
   * Brings a segment to the master, as {@link SegmentUpload#seal} does.
   *
   * @throws UploadException why not
   */
  Receipt upload(SealedSegment segment) throws UploadException {
    try (SegmentUpload upload = begin(segment)) {
      return upload.seal();
    } catch (UploadException e) {
      throw e;
    } catch (IOException e) {
      throw new UploadException(Kind.DISK, segment.files().video() + " cannot be closed", e);
    }
  }

  /**
   * The upload of a sealed segment, which the caller closes.
   *
   * @throws UploadException if its file is not what its manifest says, or cannot be read
   */
  SegmentUpload begin(SealedSegment segment) throws UploadException {
    return new SegmentUpload(config, calls, tus(segment.manifest().id()), segment);
  }

  /** The upload of a segment that is still being written. */
  OpenUpload open(SegmentFiles files, SegmentId id) {
    return new OpenUpload(calls, tus(id), files, id);
  }

  private TusUpload tus(SegmentId id) {
    return new TusUpload(config, calls, lane, acceptedBytes, id);
  }
}
