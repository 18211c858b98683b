package io.github.raspberryspy.daemon;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.upload.Backlog;
import io.github.raspberryspy.upload.Uploader;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A camera's uploaders: of its disk, and of memory where footage may wait there; none where it
 * stays here. Thread-safe.
 */
final class Uploads {

  private final List<Uploader> all = new CopyOnWriteArrayList<>();

  void add(Uploader uploader) {
    all.add(uploader);
  }

  /** A metered link is used for what is filmed now. */
  void moving() {
    all.forEach(Uploader::moving);
  }

  void durable(SegmentFiles files, SegmentId segment, long bytes) {
    all.forEach(uploader -> uploader.durable(files, segment, bytes));
  }

  void sealed(SealedSegment segment) {
    all.forEach(uploader -> uploader.sealed(segment));
  }

  /** Waits until it is proved that the target holds everything. Returns whether it does. */
  boolean awaitEmpty(Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    for (Uploader uploader : all) {
      if (!uploader.awaitEmpty(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
        return false;
      }
    }
    return true;
  }

  Backlog backlog() {
    long segments = 0;
    long bytes = 0;
    for (Uploader uploader : all) {
      segments += uploader.backlog().segments();
      bytes += uploader.backlog().bytes();
    }
    return new Backlog(segments, bytes);
  }

  /** How fast the backlog goes; empty where there is none, or while unknown. */
  OptionalLong backlogBytesPerSecond() {
    OptionalLong sum = OptionalLong.empty();
    for (Uploader uploader : all) {
      OptionalLong rate = uploader.backlogBytesPerSecond();
      sum = rate.isPresent() ? OptionalLong.of(sum.orElse(0) + rate.getAsLong()) : sum;
    }
    return sum;
  }
}
