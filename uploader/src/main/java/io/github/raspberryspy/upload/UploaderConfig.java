package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.wire.CameraCredential;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;

/**
 * How a camera talks to its master, and where its footage goes. Immutable; made by {@link
 * #builder}.
 *
 * @param access the master; empty where there is none, and then there is another target
 * @param target where footage goes rather than to the master; empty for the master
 * @param chunkBytes bytes in a request that carries a checksum, 1 to 1 MiB; so much memory is used
 * @param requestBytes most bytes in one request, at least a chunk, at most 1 GiB: as long as the
 *     link is quick, requests grow up to it
 * @param connectTimeout for a connection to be made
 * @param requestTimeout for a request to be answered
 * @param sealTimeout for the master to re-read and hash a whole segment
 * @param pollInterval how often the spool is looked through when nobody pokes
 * @param heartbeat between heartbeats on the control link; ten of them without a sign of life from
 *     the master, and the connection counts as dead
 * @param retryFirst first ceiling of the pause after a failure
 * @param retryMost last ceiling of it
 * @param limits what the owner of the link grants
 * @param random from 0 to 1, for the pauses
 * @param nanoTime a clock as {@link System#nanoTime}
 */
public record UploaderConfig(
    Optional<Access> access,
    Optional<TargetConfig> target,
    int chunkBytes,
    long requestBytes,
    Duration connectTimeout,
    Duration requestTimeout,
    Duration sealTimeout,
    Duration pollInterval,
    Duration heartbeat,
    Duration retryFirst,
    Duration retryMost,
    UploadLimits limits,
    DoubleSupplier random,
    LongSupplier nanoTime) {

  /** Largest chunk: the master takes no more with a checksum. */
  public static final int MAX_CHUNK_BYTES = 1 << 20;

  private static final Duration LINK_RETRY_MOST = Duration.ofSeconds(10);
  private static final long MAX_REQUEST_BYTES = 1L << 30;

  /**
   * A master, and how it is spoken to.
   *
   * @param master {@code http} or {@code https} address, without query; what the wire prescribes is
   *     appended to its path
   * @param credential who the camera is; a paired one checks receipts with it, and never sends it
   * @param pairing by which it is paired, if it is
   */
  public record Access(URI master, CameraCredential credential, Optional<Pairing> pairing) {
    /** Checks the address. */
    public Access {
      Objects.requireNonNull(pairing, "pairing");
      Objects.requireNonNull(credential, "credential");
      requireAddress(master);
    }
  }

  /** Checks each value; the message names the key and its range. */
  public UploaderConfig {
    if (access.isEmpty() && target.isEmpty()) {
      throw new IllegalArgumentException("there is neither a master nor another target");
    }
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(random, "random");
    Objects.requireNonNull(nanoTime, "nanoTime");
    if (chunkBytes < 1 || chunkBytes > MAX_CHUNK_BYTES) {
      throw new IllegalArgumentException(
          "chunkBytes " + chunkBytes + " is not within 1 to " + MAX_CHUNK_BYTES);
    }
    if (requestBytes < chunkBytes || requestBytes > MAX_REQUEST_BYTES) {
      throw new IllegalArgumentException(
          "requestBytes "
              + requestBytes
              + " is not within chunkBytes, "
              + chunkBytes
              + ", to "
              + MAX_REQUEST_BYTES);
    }
    requirePositive("connectTimeout", connectTimeout);
    requirePositive("requestTimeout", requestTimeout);
    requirePositive("sealTimeout", sealTimeout);
    requirePositive("pollInterval", pollInterval);
    requirePositive("heartbeat", heartbeat);
    requirePositive("retryFirst", retryFirst);
    requirePositive("retryMost", retryMost);
    if (retryMost.compareTo(retryFirst) < 0) {
      throw new IllegalArgumentException("retryMost is shorter than retryFirst");
    }
  }

  /** Starts with the defaults, for footage that goes to a master. */
  public static Builder builder(URI master, CameraCredential credential) {
    return new Builder(
        Optional.of(new Access(master, credential, Optional.empty())), Optional.empty());
  }

  /**
   * Starts with the defaults, for footage that goes to the master that the camera is paired with.
   */
  public static Builder builder(Pairing pairing) {
    return new Builder(
        Optional.of(new Access(pairing.master(), pairing.credential(), Optional.of(pairing))),
        Optional.empty());
  }

  /** Starts with the defaults, for footage that goes elsewhere, without a master. */
  public static Builder builder(TargetConfig target) {
    return new Builder(Optional.empty(), Optional.of(target));
  }

  /**
   * The master's address.
   *
   * @throws IllegalStateException if there is no master
   */
  public URI master() {
    return requireAccess().master;
  }

  /**
   * Who the camera is.
   *
   * @throws IllegalStateException if there is no master
   */
  public CameraCredential credential() {
    return requireAccess().credential;
  }

  /** By which it is paired with the master; empty where it shows a token. */
  public Optional<Pairing> pairing() {
    return requireAccess().pairing;
  }

  /** The token that it shows to the master; empty where it shows a certificate. */
  public Optional<String> token() {
    return pairing().isPresent() ? Optional.empty() : Optional.of(credential().token());
  }

  /** TLS with the master: with that of the pinned key alone, or with any that the system trusts. */
  public SSLContext tls() {
    try {
      return pairing().isPresent() ? pairing().get().context() : SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }

  private Access requireAccess() {
    return access.orElseThrow(() -> new IllegalStateException("this camera has no master"));
  }

  /** Where footage goes, for one uploader, which closes it. */
  UploadTarget open() {
    if (target.isEmpty()) {
      return new MasterTarget(this);
    }
    return target.get() instanceof SftpConfig sftp
        ? new SftpTarget(this, sftp)
        : new S3Target(this, (S3Config) target.get());
  }

  /** An address on the master: its own, with this path appended. */
  public URI address(String path) {
    String base = master().toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }

  /** A new schedule of pauses, for one thread. */
  public RetrySchedule retrySchedule() {
    return new RetrySchedule(retryFirst, retryMost, random);
  }

  /** Likewise for the control link: a master that is there again misses its cameras soon. */
  public RetrySchedule linkSchedule() {
    Duration most = retryMost.compareTo(LINK_RETRY_MOST) < 0 ? retryMost : LINK_RETRY_MOST;
    return new RetrySchedule(retryFirst.compareTo(most) < 0 ? retryFirst : most, most, random);
  }

  /** Without the secrets, which hide themselves. */
  @Override
  public String toString() {
    return "UploaderConfig[" + access + ", " + target + "]";
  }

  private static void requireAddress(URI master) {
    String scheme = String.valueOf(master.getScheme());
    if (!(scheme.equals("http") || scheme.equals("https")) || master.getHost() == null) {
      throw new IllegalArgumentException("master " + master + " is not an http or https address");
    }
    if (master.getRawUserInfo() != null
        || master.getRawQuery() != null
        || master.getRawFragment() != null) {
      throw new IllegalArgumentException("master's address has a user, a query or a fragment");
    }
  }

  private static void requirePositive(String key, Duration value) {
    if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(key + " " + value + " is not above 0 and at most a day");
    }
  }

  /** Collects what differs from the defaults. Not thread-safe. */
  public static final class Builder {
    private final Optional<Access> access;
    private Optional<TargetConfig> target;
    private int chunkBytes = MAX_CHUNK_BYTES;
    private long requestBytes = 64L << 20;
    private Duration connectTimeout = Duration.ofSeconds(5);
    private Duration requestTimeout = Duration.ofSeconds(30);
    private Duration sealTimeout = Duration.ofMinutes(10);
    private Duration pollInterval = Duration.ofSeconds(5);
    private Duration heartbeat = Duration.ofSeconds(1);
    private Duration retryFirst = Duration.ofSeconds(1);
    private Duration retryMost = Duration.ofSeconds(60);
    private UploadLimits limits = UploadLimits.none();
    private DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();
    private LongSupplier nanoTime = System::nanoTime;

    private Builder(Optional<Access> access, Optional<TargetConfig> target) {
      this.access = access;
      this.target = target;
    }

    /** Where footage goes rather than to the master, which hears of the camera all the same. */
    public Builder target(TargetConfig elsewhere) {
      target = Optional.of(elsewhere);
      return this;
    }

    /** Bytes in a request that carries a checksum, 1 to 1 MiB; default 1 MiB. */
    public Builder chunkBytes(int bytes) {
      chunkBytes = bytes;
      return this;
    }

    /** Most bytes in one request, a chunk to 1 GiB; default 64 MiB. */
    public Builder requestBytes(long bytes) {
      requestBytes = bytes;
      return this;
    }

    /** For a connection to be made; default 5 s. */
    public Builder connectTimeout(Duration timeout) {
      connectTimeout = timeout;
      return this;
    }

    /** For a request to be answered; default 30 s. */
    public Builder requestTimeout(Duration timeout) {
      requestTimeout = timeout;
      return this;
    }

    /** For the master to verify a whole segment; default 10 min. */
    public Builder sealTimeout(Duration timeout) {
      sealTimeout = timeout;
      return this;
    }

    /** How often the spool is looked through unasked; default 5 s. */
    public Builder pollInterval(Duration interval) {
      pollInterval = interval;
      return this;
    }

    /** Between heartbeats on the control link; default 1 s. */
    public Builder heartbeat(Duration interval) {
      heartbeat = interval;
      return this;
    }

    /** First and last ceiling of the pause after a failure; default 1 s and 60 s. */
    public Builder retry(Duration first, Duration most) {
      retryFirst = first;
      retryMost = most;
      return this;
    }

    /** What the owner of the link grants; default everything. */
    public Builder limits(UploadLimits granted) {
      limits = granted;
      return this;
    }

    /** Numbers from 0 to 1 for the pauses, from any thread; default random. */
    public Builder random(DoubleSupplier numbers) {
      random = numbers;
      return this;
    }

    /** The clock for pauses of single segments; default {@link System#nanoTime}. */
    public Builder nanoTime(LongSupplier clock) {
      nanoTime = clock;
      return this;
    }

    /**
     * Checks and makes it.
     *
     * @throws IllegalArgumentException in one sentence that names the key and its range
     */
    public UploaderConfig build() {
      return new UploaderConfig(
          access,
          target,
          chunkBytes,
          requestBytes,
          connectTimeout,
          requestTimeout,
          sealTimeout,
          pollInterval,
          heartbeat,
          retryFirst,
          retryMost,
          limits,
          random,
          nanoTime);
    }
  }
}
