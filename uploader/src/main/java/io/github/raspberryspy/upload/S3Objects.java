package io.github.raspberryspy.upload;

import io.github.raspberryspy.upload.UploadException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Objects of one bucket: what they are, and whether the store's word about their hashes counts.
 * Thread-safe.
 */
final class S3Objects {

  /** Does something with them. */
  interface Work<T> {
    T done() throws IOException;
  }

  /** The SHA-256 of nothing, which no object of one byte has. */
  private static final String WRONG_HASH = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

  private static final String PROBE = ".hash-check";

  private final S3Client s3;
  private final S3Config target;
  private final BooleanSupplier isAborted;
  private volatile Optional<Boolean> checksHashes = Optional.empty(); // until it was asked

  S3Objects(S3Client s3, S3Config target, BooleanSupplier isAborted) {
    this.s3 = s3;
    this.target = target;
    this.isAborted = isAborted;
  }

  /**
   * Does something with them.
   *
   * @throws UploadException as which every failure comes out
   */
  <T> T work(Work<T> work) throws UploadException {
    try {
      return work.done();
    } catch (SdkException e) {
      throw isAborted.getAsBoolean() ? cancelled(e) : causeOf(e);
    } catch (UploadException e) {
      throw e;
    } catch (IOException e) {
      throw isAborted.getAsBoolean()
          ? cancelled(e)
          : new UploadException(
              Kind.UNREACHABLE, "the connection to " + target.store() + " broke", e);
    }
  }

  private static UploadException cancelled(Exception e) {
    return new UploadException(Kind.CANCELLED, "the uploader is closed", e);
  }

  /** What was thrown while the library read from here comes out as it was. */
  private UploadException causeOf(SdkException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UploadException ours) {
        return ours;
      }
    }
    return failure(e);
  }

  S3Client client() {
    return s3;
  }

  String bucket() {
    return target.bucket();
  }

  String prefix() {
    return target.prefix();
  }

  /** What lies under a key; empty where nothing does. */
  Optional<HeadObjectResponse> head(String key) {
    try {
      return Optional.of(
          s3.headObject(
              r -> r.bucket(target.bucket()).key(key).checksumMode(ChecksumMode.ENABLED)));
    } catch (S3Exception e) {
      if (e.statusCode() == 404) {
        return Optional.empty(); // or the bucket is missing, as the next request says
      }
      throw e;
    }
  }

  /** Reads an object of moderate size. */
  byte[] read(String key, int most) throws IOException {
    try (InputStream in = s3.getObject(r -> r.bucket(target.bucket()).key(key))) {
      return in.readNBytes(most);
    }
  }

  /**
   * Whether an object is the file here. The hash that the store names counts where the store was
   * seen to refuse a wrong one; else the bytes are read again.
   *
   * @param hash that the object has if it is the same, as the store writes it
   */
  boolean isSame(String key, HeadObjectResponse there, SegmentFile file, long bytes, String hash)
      throws IOException {
    if (there.contentLength() != bytes) {
      return false;
    }
    boolean counts = there.checksumSHA256() != null && !target.rereads() && checksHashes();
    return counts ? there.checksumSHA256().equals(hash) : hasSameBytes(key, file, bytes);
  }

  private boolean hasSameBytes(String key, SegmentFile file, long bytes) throws IOException {
    byte[] buffer = new byte[64 << 10];
    try (InputStream in = s3.getObject(r -> r.bucket(target.bucket()).key(key))) {
      for (long at = 0; at < bytes; at += buffer.length) {
        int piece = (int) Math.min(buffer.length, bytes - at);
        byte[] here = file.piece(at, piece).array();
        if (in.readNBytes(buffer, 0, piece) < piece
            || !Arrays.equals(buffer, 0, piece, here, 0, piece)) {
          return false;
        }
      }
      return in.read() < 0;
    }
  }

  /** A store that takes one byte under the hash of none only repeats what it was told. */
  private boolean checksHashes() {
    if (checksHashes.isEmpty()) {
      try {
        s3.putObject(
            r -> r.bucket(target.bucket()).key(target.prefix() + PROBE).checksumSHA256(WRONG_HASH),
            RequestBody.fromBytes(new byte[1]));
        checksHashes = Optional.of(false);
      } catch (S3Exception e) {
        if (e.statusCode() != 400) {
          throw e;
        }
        checksHashes = Optional.of(true);
      }
    }
    return checksHashes.get();
  }

  private UploadException failure(SdkException e) {
    if (!(e instanceof S3Exception refusal)) {
      return new UploadException(
          Kind.UNREACHABLE, target.store() + " cannot be reached: " + e.getMessage(), e);
    }
    String code = refusal.awsErrorDetails() == null ? "" : refusal.awsErrorDetails().errorCode();
    String reason = " (" + (code == null || code.isEmpty() ? "" : code + ", ") + "status ";
    reason += refusal.statusCode() + ")";
    return switch (String.valueOf(code)) {
      case "NoSuchBucket" ->
          new UploadException(Kind.UNREACHABLE, "there is no " + target.store() + reason, e);
      case "RequestTimeTooSkewed" ->
          new UploadException(
              Kind.UNREACHABLE, target.store() + " finds the camera's clock wrong" + reason, e);
      case "QuotaExceeded", "XMinioStorageFull", "InsufficientStorage" ->
          new UploadException(Kind.UNREACHABLE, target.store() + " is full" + reason, e);
      default -> byStatus(refusal, reason);
    };
  }

  private UploadException byStatus(S3Exception e, String reason) {
    return switch (e.statusCode()) {
      case 401, 403 ->
          new UploadException(
              Kind.UNAUTHORIZED, target.store() + " refuses this camera's key" + reason, e);
      case 404 ->
          new UploadException(Kind.UNREACHABLE, "there is no " + target.store() + reason, e);
      case 507 -> new UploadException(Kind.UNREACHABLE, target.store() + " is full" + reason, e);
      case 408, 409, 412, 429, 502, 503, 504 ->
          new UploadException(
              Kind.UNREACHABLE, target.store() + " cannot take anything now" + reason, e);
      default ->
          e.statusCode() >= 500
              ? UploadException.ofFailing(target.store() + " fails" + reason, e)
              : new UploadException(Kind.REJECTED, target.store() + " refuses it" + reason, e);
    };
  }
}
