package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.spool.SegmentFiles;

/**
 * A segment that is still being written, on its way to a folder of an SSH server: it grows there
 * under its passing name, playable as far as it came.
 */
final class SftpTail implements TailUpload {

  private final SftpLane lane;
  private final SegmentFiles files;
  private final SegmentId id;
  private final GrowingFile source;
  private String part = ""; // until it is known how far the server is
  private long sent;

  SftpTail(SftpLane lane, SegmentFiles files, SegmentId id) {
    this.lane = lane;
    this.files = files;
    this.id = id;
    this.source = new GrowingFile(files);
  }

  @Override
  public SegmentFiles files() {
    return files;
  }

  @Override
  public SegmentId id() {
    return id;
  }

  @Override
  public long sent() {
    return sent;
  }

  @Override
  public boolean send(long durable) throws UploadException {
    sent =
        lane.work(
            there -> {
              if (part.isEmpty()) {
                part = there.place(id.camera(), files.name()) + SegmentName.PART;
                return Math.min(durable, there.size(part).orElse(0));
              }
              return sent < durable ? there.append(part, sent, source, durable) : sent;
            });
    return true;
  }
}
