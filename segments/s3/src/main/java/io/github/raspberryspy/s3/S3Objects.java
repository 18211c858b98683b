package io.github.raspberryspy.s3;

import io.github.raspberryspy.s3.S3Failure.Kind;
import io.github.raspberryspy.segments.DurableFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Objects of one bucket: what they are, how they get there, and whether the store's word about
 * their hashes counts. What the library throws comes out of {@link #work} as an {@link S3Failure}.
 * Thread-safe.
 */
public final class S3Objects {

  /** Does something with them. */
  @FunctionalInterface
  public interface Work<T> {
    /** The result. */
    T done() throws IOException;
  }

  /** The SHA-256 of nothing, which no object of one byte has. */
  private static final String WRONG_HASH = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

  /**
   * How stores refuse a wrong one: AWS, s3proxy and RustFS say the first, MinIO the second; the
   * third stands in the API for a hash that is no valid one.
   */
  private static final Set<String> WRONG_HASH_CODES =
      Set.of("BadDigest", "XAmzContentChecksumMismatch", "InvalidDigest");

  private static final String PROBE = ".hash-check";

  private final S3Client s3;
  private final S3Bucket target;
  private final String whose;
  private volatile Optional<Boolean> checksHashes = Optional.empty(); // until it was asked

  /**
   * Connects to nothing yet. Nothing of the user's own files or environment has a say, and nothing
   * is tried twice.
   *
   * @param http borrowed
   * @param whose key it is, for sentences: "camera" or "master"
   */
  public S3Objects(S3Bucket target, SdkHttpClient http, String whose) {
    this.s3 = client(target, http);
    this.target = target;
    this.whose = whose;
  }

  private static S3Client client(S3Bucket target, SdkHttpClient http) {
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

  /**
   * Does something with them.
   *
   * @throws S3Failure where the store did not do it, could not be asked, or broke off
   * @throws IOException what the source of a body threw, as it was
   */
  public <T> T work(Work<T> work) throws IOException {
    try {
      return work.done();
    } catch (SdkException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof S3Parts.SourceException ours) {
          throw (IOException) ours.getCause();
        }
        if (cause instanceof S3Http.StalledException stall) {
          throw new S3Failure(Kind.AWAY, target.store() + " " + stall.getMessage(), e);
        }
      }
      throw failure(e);
    }
  }

  /** The library's client, for {@link #work}. */
  public S3Client client() {
    return s3;
  }

  /** The bucket's name. */
  public String bucket() {
    return target.bucket();
  }

  /** What all keys begin with. */
  public String prefix() {
    return target.prefix();
  }

  /** What lies under a key; empty where nothing does. For {@link #work}. */
  public Optional<HeadObjectResponse> head(String key) {
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

  /** Reads an object of moderate size, at most so many bytes. For {@link #work}. */
  public byte[] read(String key, int most) throws IOException {
    try (InputStream in = open(key, 0, most)) {
      return in.readNBytes(most);
    }
  }

  /**
   * Reads on from an offset, at most so many bytes. One that is closed before its end is broken
   * off; where the store does that, reading throws an {@link S3Failure}. For {@link #work}.
   *
   * @param bytes above 0
   */
  public InputStream open(String key, long from, long bytes) {
    boolean isAll = from == 0 && bytes == Long.MAX_VALUE;
    String last = bytes > Long.MAX_VALUE - from ? "" : Long.toString(from + bytes - 1);
    String range = isAll ? null : "bytes=" + from + "-" + last;
    try {
      return new Answer(s3.getObject(r -> r.bucket(target.bucket()).key(key).range(range)));
    } catch (S3Exception e) {
      if (from == 0 && e.statusCode() == 416) {
        return InputStream.nullInputStream(); // it has no bytes
      }
      throw e;
    }
  }

  /**
   * An object's bytes. The library would read to the end what is closed early; and it takes the end
   * of a connection for the end of the object, however much was announced.
   */
  private final class Answer extends InputStream {
    private final ResponseInputStream<GetObjectResponse> response;
    private long left;

    Answer(ResponseInputStream<GetObjectResponse> response) {
      Long announced = response.response().contentLength();
      this.response = response;
      this.left = announced == null ? 0 : announced;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
      int n;
      try {
        n = response.read(into, from, most);
      } catch (IOException e) {
        throw brokenOff(e);
      }
      if (n < 0 && left > 0) {
        throw brokenOff(null);
      }
      left -= Math.max(n, 0);
      return n;
    }

    private S3Failure brokenOff(IOException cause) {
      String reason = "the connection to " + target.store() + " broke";
      return new S3Failure(Kind.AWAY, reason, cause);
    }

    @Override
    public void close() {
      response.abort();
    }
  }

  /**
   * Sends something to a key that nothing has, as one or in parts, from where it was broken off.
   * Where something came there meanwhile, or the answer was lost, that stays: what is there is to
   * be judged next. For {@link #work}.
   *
   * @param accepted told of bytes that the store has taken
   * @return whether what is there came from here, as far as is known
   */
  public boolean send(String key, String type, S3Parts parts, LongConsumer accepted)
      throws IOException {
    try {
      if (parts.isOne()) {
        put(key, type, parts, "*");
        accepted.accept(parts.bytes(1));
      } else {
        new S3Multipart(this, key, type, parts, accepted).run();
      }
      return true;
    } catch (S3Exception e) {
      if (e.statusCode() != 412) {
        throw e;
      }
      return false;
    }
  }

  /** Sends something in place of what has the key. For {@link #work}. */
  public void replace(String key, String type, S3Parts parts) throws IOException {
    if (parts.isOne()) {
      put(key, type, parts, null);
    } else {
      new S3Multipart(this, key, type, parts, bytes -> {}).replace();
    }
  }

  private void put(String key, String type, S3Parts parts, String ifNoneMatch) {
    String hash = parts.sha256(1);
    s3.putObject(
        r ->
            r.bucket(target.bucket())
                .key(key)
                .ifNoneMatch(ifNoneMatch)
                .contentType(type)
                .checksumSHA256(hash),
        RequestBody.fromContentProvider(() -> parts.stream(1), parts.bytes(1), type));
  }

  /**
   * Puts something small under a key, in place of what lies there unless that is not wanted. For
   * {@link #work}.
   *
   * @param isNew whether it is refused where something lies there
   */
  public void write(String key, String type, byte[] bytes, boolean isNew) {
    String hash = Base64.getEncoder().encodeToString(DurableFiles.sha256().digest(bytes));
    s3.putObject(
        r ->
            r.bucket(target.bucket())
                .key(key)
                .ifNoneMatch(isNew ? "*" : null)
                .contentType(type)
                .checksumSHA256(hash),
        RequestBody.fromBytes(bytes));
  }

  /**
   * Whether an object is what is here. The hash that the store names counts where the store was
   * seen to refuse a wrong one; else the bytes are read again. For {@link #work}.
   */
  public boolean isSame(String key, HeadObjectResponse there, S3Parts parts) throws IOException {
    if (there.contentLength() != parts.length()) {
      return false;
    }
    boolean counts = there.checksumSHA256() != null && !target.rereads() && checksHashes();
    return counts ? there.checksumSHA256().equals(parts.whole()) : hasSameBytes(key, parts);
  }

  /** Reads an object and compares it. For {@link #work}. */
  public boolean hasSameBytes(String key, S3Parts parts) throws IOException {
    byte[] buffer = new byte[64 << 10];
    long bytes = parts.length();
    try (InputStream in = open(key, 0, Long.MAX_VALUE)) {
      for (long at = 0; at < bytes; at += buffer.length) {
        int piece = (int) Math.min(buffer.length, bytes - at);
        ByteBuffer here = parts.source().piece(at, piece);
        if (in.readNBytes(buffer, 0, piece) < piece
            || !here.equals(ByteBuffer.wrap(buffer, 0, piece))) {
          return false;
        }
      }
      return in.read() < 0;
    }
  }

  /** Reads something small and compares it. For {@link #work}. */
  public boolean hasBytes(String key, byte[] bytes) throws IOException {
    return Arrays.equals(read(key, bytes.length + 1), bytes);
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
        if (!WRONG_HASH_CODES.contains(code(e))) {
          return false; // it refused, but not for the hash: asked again next time
        }
        checksHashes = Optional.of(true);
      }
    }
    return checksHashes.get();
  }

  /** What the store calls its refusal; empty where it does not say. */
  private static String code(S3Exception e) {
    String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
    return code == null ? "" : code;
  }

  private S3Failure failure(SdkException e) {
    if (!(e instanceof S3Exception refusal)) {
      return new S3Failure(Kind.AWAY, target.store() + " cannot be reached: " + e.getMessage(), e);
    }
    String code = code(refusal);
    String reason = " (" + (code.isEmpty() ? "" : code + ", ") + "status ";
    reason += refusal.statusCode() + ")";
    return switch (code) {
      case "NoSuchBucket" -> new S3Failure(Kind.AWAY, "there is no " + target.store() + reason, e);
      case "RequestTimeTooSkewed" ->
          new S3Failure(
              Kind.AWAY, target.store() + " finds the " + whose + "'s clock wrong" + reason, e);
      case "QuotaExceeded", "XMinioStorageFull", "InsufficientStorage" ->
          new S3Failure(Kind.AWAY, target.store() + " is full" + reason, e);
      default -> byStatus(refusal, reason);
    };
  }

  private S3Failure byStatus(S3Exception e, String reason) {
    return switch (e.statusCode()) {
      case 401, 403 ->
          new S3Failure(
              Kind.UNAUTHORIZED, target.store() + " refuses this " + whose + "'s key" + reason, e);
      case 404 -> new S3Failure(Kind.AWAY, "there is no " + target.store() + reason, e);
      case 507 -> new S3Failure(Kind.AWAY, target.store() + " is full" + reason, e);
      case 408, 409, 412, 429, 502, 503, 504 ->
          new S3Failure(Kind.AWAY, target.store() + " cannot take anything now" + reason, e);
      default ->
          e.statusCode() >= 500
              ? new S3Failure(Kind.FAILED, target.store() + " fails" + reason, e)
              : new S3Failure(Kind.REFUSED, target.store() + " refuses it" + reason, e);
    };
  }
}
