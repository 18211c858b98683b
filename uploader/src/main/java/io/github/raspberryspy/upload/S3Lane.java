package io.github.raspberryspy.upload;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

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
    return new S3Upload(objects(), segment, acceptedBytes);
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
        objects = Optional.of(new S3Objects(client(), target, http::isAborted));
      }
      return objects.get();
    }
  }

  /** Nothing of the user's own files or environment has a say, and retries are the uploader's. */
  private S3Client client() {
    ProfileFile none = ProfileFile.aggregator().build();
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClient(http)
            .region(Region.of(target.region()))
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(target.access().id(), target.access().secret())))
            .forcePathStyle(target.endpoint().isPresent())
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(s -> s.chunkedEncodingEnabled(false).expectContinueEnabled(false))
            .overrideConfiguration(
                o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()).defaultProfileFile(none));
    target.endpoint().ifPresent(builder::endpointOverride);
    return builder.build();
  }
}
