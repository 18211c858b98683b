package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import java.util.concurrent.atomic.AtomicLong;

/** The way to a master on one lane of the link. */
final class UploadClient implements TargetClient {

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

  @Override
  public long acceptedBytes() {
    return acceptedBytes.get();
  }

  @Override
  public SegmentUpload begin(SealedSegment segment) throws UploadException {
    return new SegmentUpload(config, calls, tus(segment.manifest().id()), segment);
  }

  @Override
  public OpenUpload open(SegmentFiles files, SegmentId id) {
    return new OpenUpload(calls, tus(id), files, id);
  }

  private TusUpload tus(SegmentId id) {
    return new TusUpload(config, calls, lane, acceptedBytes, id);
  }
}
