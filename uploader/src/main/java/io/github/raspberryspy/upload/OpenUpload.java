package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.net.URI;
import java.util.OptionalLong;

/** A segment that is still being written, on its way to a master. */
final class OpenUpload implements TailUpload {

  /** How often in a row it is begun without getting further. */
  private static final int MAX_STARTS = 3;

  private final TusCalls calls;
  private final TusUpload tus;
  private final SegmentFiles files;
  private final SegmentId id;
  private final GrowingFile source;
  private URI upload; // null until the master has named it
  private long sent;
  private long furthest;
  private int starts;

  OpenUpload(TusCalls calls, TusUpload tus, SegmentFiles files, SegmentId id) {
    this.calls = calls;
    this.tus = tus;
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
    if (upload == null) {
      if (starts == MAX_STARTS) {
        throw new UploadException(
            Kind.REJECTED, "the master forgets the open segment " + id + " again and again");
      }
      starts++;
      Answer answer = calls.createOpen(id);
      switch (answer.status()) {
        case 400, 404, 405, 501 -> {
          return false; // a master of before, or another tus server
        }
        default -> upload = tus.location(answer);
      }
      moveOn(tus.begun(upload, answer, OptionalLong.empty()), durable);
    } else if (sent < durable) {
      moveOn(tus.patch(upload, sent, source, durable, OptionalLong.empty()), durable);
    }
    return true;
  }

  /** Where the master has forgotten the upload, it is begun anew. */
  private void moveOn(OptionalLong offset, long durable) throws UploadException {
    if (offset.orElse(0) > durable) {
      // of a card that was copied, or put back: no byte of the other's is dropped for it
      throw new UploadException(
          Kind.REJECTED,
          "the master has " + offset.getAsLong() + " bytes of " + id + ", here are " + durable);
    }
    sent = offset.orElse(0);
    if (offset.isEmpty()) {
      upload = null;
    }
    if (sent > furthest) {
      furthest = sent;
      starts = 0;
    }
  }
}
