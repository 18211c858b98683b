package io.github.raspberryspy.daemon;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.upload.UploadException;
import io.github.raspberryspy.upload.UploadListener;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The uploader logs what it retries; a conflict or damage needs a person. */
class Complaints implements UploadListener {

  private static final Logger log = LoggerFactory.getLogger(Complaints.class);

  @Override
  public void failed(SegmentId segment, UploadException e) {
    log.debug("{} was not uploaded: {}", segment, e.getMessage());
  }

  /** What was in memory leaves no trace there: the disk remembers that it is not missing. */
  static final class OfMemory extends Complaints {
    private final Spool disk;

    OfMemory(Spool disk) {
      this.disk = disk;
    }

    @Override
    public void verified(SegmentManifest segment) {
      try {
        disk.noteRecorded(segment.end());
      } catch (IOException e) {
        log.debug("{} does not note that {} is with the master", disk.folder(), segment.id(), e);
      }
    }
  }
}
