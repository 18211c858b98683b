package io.github.raspberryspy.upload;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.s3.S3Objects;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The way to a bucket on one lane of the link. Objects do not grow, so a segment goes when it is
 * sealed. The library is loaded with the first upload.
 */
final class S3Lane implements TargetClient {

  private final S3Config target;
  private final PacedHttp http;
  private final AtomicLong acceptedBytes = new AtomicLong();
  private final Object lock = new Object();

  @GuardedBy("lock")
  private Optional<S3Objects> objects = Optional.empty();

  /** Borrows its HTTP. */
  S3Lane(S3Config target, PacedHttp http) {
    this.target = target;
    this.http = http;
  }

  @Override
  public SealedUpload begin(SealedSegment segment) throws UploadException {
    return new S3Upload(objects(), segment, acceptedBytes, http::isAborted);
  }

  @Override
  public boolean takesOpenSegments() {
    return false;
  }

  @Override
  public TailUpload open(SegmentFiles files, SegmentId id) {
    throw new IllegalStateException("an object store takes no open segments");
  }

  @Override
  public long acceptedBytes() {
    return acceptedBytes.get();
  }

  private S3Objects objects() {
    synchronized (lock) {
      if (objects.isEmpty()) {
        objects = Optional.of(new S3Objects(target.bucket(), http, "camera"));
      }
      return objects.get();
    }
  }
}
