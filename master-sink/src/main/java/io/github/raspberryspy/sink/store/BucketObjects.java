package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.s3.S3Bucket;
import io.github.raspberryspy.s3.S3Failure;
import io.github.raspberryspy.s3.S3Http;
import io.github.raspberryspy.s3.S3Objects;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A bucket under its prefix, whose failures come out as what they mean for the footage: whatever
 * the store does not answer is a {@link FootageAwayException}. Thread-safe.
 */
final class BucketObjects implements AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final S3Bucket bucket;
  private final SdkHttpClient http;
  private final S3Objects objects;

  BucketObjects(S3Bucket bucket) {
    this.bucket = bucket;
    this.http = new S3Http(CONNECT, ANSWER, System::nanoTime);
    this.objects = new S3Objects(bucket, http, "master");
  }

  /** What is asked, within {@link #ask}. */
  S3Objects objects() {
    return objects;
  }

  /** What the store is called. */
  String name() {
    return bucket.store();
  }

  /** The whole key of what has this one here. */
  String key(String key) {
    return bucket.prefix() + key;
  }

  /**
   * Asks the store.
   *
   * @throws NoSuchFileException if it says that there is no such object
   * @throws FootageAwayException if it says nothing, or lets nobody in
   */
  <T> T ask(String key, S3Objects.Work<T> work) throws IOException {
    try {
      return objects.work(work);
    } catch (S3Failure e) {
      if (e.getCause() instanceof S3Exception refusal
          && refusal.awsErrorDetails() != null
          && "NoSuchKey".equals(refusal.awsErrorDetails().errorCode())) {
        throw new NoSuchFileException(key);
      }
      throw new FootageAwayException(e.getMessage(), e);
    }
  }

  /**
   * Puts something small under a key that nothing has; within {@link #ask}.
   *
   * @return false where something lies there, which stays
   */
  boolean create(String key, byte[] bytes) {
    try {
      objects.write(key(key), "text/plain", bytes, true);
      return true;
    } catch (S3Exception e) {
      if (e.statusCode() == 412) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
