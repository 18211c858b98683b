package io.github.raspberryspy.sink;

import io.github.raspberryspy.s3.S3Bucket;
import io.github.raspberryspy.sink.alert.AlertConfig;
import io.github.raspberryspy.sink.index.PostgresConfig;
import io.github.raspberryspy.sink.retention.RetentionPolicy;
import io.github.raspberryspy.sink.retention.Rule;
import io.github.raspberryspy.sink.tls.TlsConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * How a master is to be run. Immutable.
 *
 * @param footage the footage folder; created if need be
 * @param host where to listen: without TLS a loopback address
 * @param port to listen on, 0 to 65535; 0 takes a free one
 * @param tls how the master proves who it is; without it, it speaks plain HTTP
 * @param retention how long, and how much, footage is kept
 * @param trashGrace how long what a person deleted can be had back
 * @param uploadExpiry how long an upload may rest that nobody goes on with, at least a minute
 * @param minFreeBytes how much of the disk uploads leave free; the oldest footage goes to keep it
 *     so
 * @param index the database server that holds the index; without one it is a file in the footage
 *     folder
 * @param store the bucket that sealed footage is kept in; without one it is files in the footage
 *     folder
 * @param scrub how long it takes to read all footage again; zero reads nothing
 * @param notes folder outside of the footage folder where it is remembered which disk that was on;
 *     without it a missing disk is noticed only while the master runs
 * @param alerts what people are told, and how
 * @param metricsToken by which metrics are read from elsewhere; without one by programs on this
 *     machine alone
 * @param flagOthers cameras at whose motion the others flag what they film; {@code *} for each
 * @param clock wall time
 * @param nanos the monotonic clock, as {@link System#nanoTime}
 */
public record MasterConfig(
    Path footage,
    String host,
    int port,
    Optional<TlsConfig> tls,
    RetentionPolicy retention,
    Duration trashGrace,
    Duration uploadExpiry,
    long minFreeBytes,
    Duration scrub,
    Optional<PostgresConfig> index,
    Optional<S3Bucket> store,
    Optional<Path> notes,
    AlertConfig alerts,
    Optional<String> metricsToken,
    Set<String> flagOthers,
    Clock clock,
    LongSupplier nanos) {

  /** Checks ranges: what is wrong is named in one sentence. */
  public MasterConfig {
    Objects.requireNonNull(footage, "footage");
    Objects.requireNonNull(clock, "clock");
    flagOthers = Set.copyOf(flagOthers);
    require(port >= 0 && port <= 65535, "port " + port + " is not within 0 to 65535");
    require(!trashGrace.isNegative(), "trashGrace " + trashGrace + " is negative");
    require(
        uploadExpiry.compareTo(Duration.ofMinutes(1)) >= 0,
        "uploadExpiry " + uploadExpiry + " is shorter than a minute");
    require(!scrub.isNegative(), "scrub " + scrub + " is negative");
    require(minFreeBytes >= 0, "minFreeBytes " + minFreeBytes + " is negative");
    require(
        tls.isPresent() ? !host.isBlank() : isLoopback(host),
        "host "
            + host
            + " is not a loopback address: without TLS the master listens on this machine only");
  }

  /**
   * Whether the master may have replicas: nothing that has to last is in its folder then, but in a
   * bucket and in a database that they share.
   */
  public boolean isReplicated() {
    return index.isPresent() && store.isPresent();
  }

  /** A config of this footage folder and defaults. */
  public static Builder into(Path footage) {
    return new Builder(footage);
  }

  private static void require(boolean right, String complaint) {
    if (!right) {
      throw new IllegalArgumentException(complaint);
    }
  }

  /** Whether a host is this machine alone. */
  public static boolean isLoopback(String host) {
    try {
      return !host.isBlank() && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Collects what differs from the defaults. Not thread-safe. */
  public static final class Builder {
    private final Path footage;
    private String host = "127.0.0.1";
    private int port = 8080;
    private Optional<TlsConfig> tls = Optional.empty();
    private Rule rule = new Rule(Duration.ofDays(30), Duration.ofDays(90), 0);
    private Map<String, Rule> cameraRules = Map.of();
    private long maxBytes;
    private Duration trashGrace = Duration.ofDays(7);
    private Duration uploadExpiry = Duration.ofDays(7);
    private Duration scrub = Duration.ofDays(30);
    private Optional<Path> notes = Optional.empty();
    private long minFreeBytes = 1L << 30;
    private Optional<PostgresConfig> index = Optional.empty();
    private Optional<S3Bucket> store = Optional.empty();
    private AlertConfig alerts = AlertConfig.standard();
    private Optional<String> metricsToken = Optional.empty();
    private Set<String> flagOthers = Set.of();
    private Clock clock = Clock.systemUTC();
    private LongSupplier nanos = System::nanoTime;

    private Builder(Path footage) {
      this.footage = footage;
    }

    /** Where to listen; {@code 127.0.0.1} and 8080 by default. */
    public Builder listen(String listenHost, int listenPort) {
      host = listenHost;
      port = listenPort;
      return this;
    }

    /** TLS 1.3, and nothing else, on that port; plain HTTP by default. */
    public Builder tls(TlsConfig config) {
      tls = Optional.of(config);
      return this;
    }

    /** How long footage is kept, with motion or without; zero for ever. */
    public Builder maxAge(Duration age) {
      return rules(new Rule(age, age, 0), Map.of());
    }

    /** What is kept of each camera; 30 days by default, and 90 days where there is motion. */
    public Builder rules(Rule standard, Map<String, Rule> cameras) {
      rule = standard;
      cameraRules = cameras;
      return this;
    }

    /** How long what a person deleted can be had back; 7 days by default. */
    public Builder trashGrace(Duration grace) {
      trashGrace = grace;
      return this;
    }

    /** How long an upload may rest that nobody goes on with; 7 days by default. */
    public Builder uploadExpiry(Duration rest) {
      uploadExpiry = rest;
      return this;
    }

    /** How long it takes to read all footage again; 30 days by default, zero reads nothing. */
    public Builder scrub(Duration pass) {
      scrub = pass;
      return this;
    }

    /** Where it is remembered which disk the footage is on; nowhere by default. */
    public Builder notes(Path folder) {
      notes = Optional.of(folder);
      return this;
    }

    /** How much footage is kept; 0, the default, sets no limit. */
    public Builder maxBytes(long bytes) {
      maxBytes = bytes;
      return this;
    }

    /** How much of the disk stays free; 1 GiB by default. */
    public Builder minFreeBytes(long bytes) {
      minFreeBytes = bytes;
      return this;
    }

    /** The server that holds the index; by default it is a file in the footage folder. */
    public Builder index(PostgresConfig server) {
      index = Optional.of(server);
      return this;
    }

    /** The bucket that sealed footage is kept in; by default it is files in the footage folder. */
    public Builder store(S3Bucket bucket) {
      store = Optional.of(bucket);
      return this;
    }

    /** What people are told; by default what goes wrong is listed on the page. */
    public Builder alerts(AlertConfig config) {
      alerts = config;
      return this;
    }

    /** By which metrics are read from elsewhere; by default nobody may. */
    public Builder metricsToken(String token) {
      metricsToken = Optional.of(token);
      return this;
    }

    /** Cameras at whose motion the others flag what they film; none by default. */
    public Builder flagOthers(Set<String> cameras) {
      flagOthers = cameras;
      return this;
    }

    /** Wall time and monotonic time; the system's by default. */
    public Builder clock(Clock wallClock, LongSupplier monotonicNanos) {
      clock = wallClock;
      nanos = monotonicNanos;
      return this;
    }

    /**
     * The config.
     *
     * @throws IllegalArgumentException in one sentence, if a value is out of its range
     */
    public MasterConfig build() {
      return new MasterConfig(
          footage,
          host,
          port,
          tls,
          new RetentionPolicy(rule, cameraRules, maxBytes),
          trashGrace,
          uploadExpiry,
          minFreeBytes,
          scrub,
          index,
          store,
          notes,
          alerts,
          metricsToken,
          flagOthers,
          clock,
          nanos);
    }
  }
}
