package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import java.util.concurrent.atomic.AtomicLong;

/** The way to a folder of an SSH server on one lane of the link. */
final class SftpLane implements TargetClient {

  private final SftpTarget target;
  private final SftpConfig config;
  private final SharedLink.Lane lane;
  private final AtomicLong acceptedBytes = new AtomicLong();

  SftpLane(SftpTarget target, SftpConfig config, SharedLink.Lane lane) {
    this.target = target;
    this.config = config;
    this.lane = lane;
  }

  @Override
  public SealedUpload begin(SealedSegment segment) throws UploadException {
    return new SftpUpload(this, segment);
  }

  @Override
  public TailUpload open(SegmentFiles files, SegmentId id) {
    return new SftpTail(this, files, id);
  }

  @Override
  public long acceptedBytes() {
    return acceptedBytes.get();
  }

  /** Does something with the files there, over a connection of its own. */
  <T> T work(SftpFiles.Work<T> work) throws UploadException {
    return target.work(sftp -> work.with(new SftpFiles(sftp, config, lane, acceptedBytes)));
  }
}
