package io.github.raspberryspy.sink.store;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What one camera may have under way: a part of the disk, which is some segments of a camera that
 * is back after an outage, and no more for whoever has its credential, be it in a thousand uploads.
 * Thread-safe.
 */
final class Share {

  /** A larger one is a larger harm; a segment that is larger than it never gets here. */
  private static final int PART_OF_DISK = 4;

  /** Longer than the longest pause of a camera that goes on. */
  private static final long REST_NANOS = TimeUnit.MINUTES.toNanos(2);

  private final Incoming incoming;
  private final DiskSpace space;
  private final Ending ending;

  /** Ends one of these uploads, the first ones first, that rested for so long. */
  @FunctionalInterface
  interface Ending {
    void endOne(List<Partial> partials, long idleNanos);
  }

  Share(Incoming incoming, DiskSpace space, Ending ending) {
    this.incoming = incoming;
    this.space = space;
    this.ending = ending;
  }

  /** Whether so many bytes more of a camera fit. */
  boolean has(String camera, long bytes) throws IOException {
    return bytes <= mostBytes() - incoming.bytes(camera);
  }

  /**
   * Ends an upload of the camera that nobody goes on with, if so many bytes more do not fit. To be
   * called without an upload's lock.
   */
  void makeRoom(String camera, long bytes) throws IOException {
    if (!has(camera, bytes)) {
      ending.endOne(incoming.atRest(camera), REST_NANOS);
    }
  }

  /**
   * Checks that so many bytes more of a camera fit.
   *
   * @throws StoreException FULL if not: footage of others is not deleted for it
   */
  void require(String camera, long bytes) throws IOException {
    if (!has(camera, bytes)) {
      throw new StoreException(
          StoreException.Kind.FULL,
          "camera "
              + camera
              + " has "
              + incoming.bytes(camera)
              + " bytes under way, and may have "
              + mostBytes()
              + ", a part of the master's disk: it has to end some of its uploads first");
    }
  }

  private long mostBytes() throws IOException {
    long total = space.totalBytes();
    return total > 0 ? total / PART_OF_DISK : Long.MAX_VALUE;
  }
}
