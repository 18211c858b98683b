package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes here what the target vouches for; nothing else does. Thread-safe. */
final class Reclaimer {

  private static final Logger log = LoggerFactory.getLogger(Reclaimer.class);

  private final Spool spool;
  private final UploadListener listener;

  /** Of a spool; the listener hears of each segment. */
  Reclaimer(Spool spool, UploadListener listener) {
    this.spool = spool;
    this.listener = listener;
  }

  /**
   * The target vouches for it.
   *
   * @throws UploadException of kind DISK, if it cannot be deleted
   */
  void verified(SealedSegment segment, Receipt receipt) throws UploadException {
    try {
      synchronized (this) { // two threads must not be at the same receipt
        spool.reclaim(segment.files(), receipt.encode());
      }
    } catch (IOException e) {
      throw new UploadException(
          Kind.DISK,
          segment.files().video() + " is verified and cannot be deleted: " + e.getMessage(),
          e);
    }
    log.info("{} is verified there and deleted here", segment.manifest().id());
    try {
      listener.verified(segment.manifest());
    } catch (RuntimeException | Error e) {
      log.error("a listener of the uploader failed", e);
    }
  }

  /** Deletes what was verified before, and could not be deleted then. */
  synchronized void finish() throws IOException {
    spool.finishReclaims();
  }
}
