package io.github.raspberryspy.sink;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;

/**
 * How a master is to be run. Immutable.
 *
 * @param footage the footage folder; created if need be
 * @param host where to listen: a loopback address, since the connection is not encrypted yet
 * @param port to listen on, 0 to 65535; 0 takes a free one
 * @param maxAge how long footage is kept; zero keeps it for ever
 * @param maxBytes how much footage is kept; 0 sets no limit
 * @param minFreeBytes how much of the disk uploads leave free; the oldest footage goes to keep it
 *     so
 * @param clock wall time
 */
public record MasterConfig(
    Path footage,
    String host,
    int port,
    Duration maxAge,
    long maxBytes,
    long minFreeBytes,
    Clock clock) {

  /** Checks ranges: what is wrong is named in one sentence. */
  public MasterConfig {
    Objects.requireNonNull(footage, "footage");
    Objects.requireNonNull(clock, "clock");
    require(port >= 0 && port <= 65535, "port " + port + " is not within 0 to 65535");
    require(!maxAge.isNegative(), "maxAge " + maxAge + " is negative");
    require(maxBytes >= 0, "maxBytes " + maxBytes + " is negative");
    require(minFreeBytes >= 0, "minFreeBytes " + minFreeBytes + " is negative");
    require(
        isLoopback(host),
        "host "
            + host
            + " is not a loopback address: without TLS the master listens on this machine only");
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

  private static boolean isLoopback(String host) {
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
    private Duration maxAge = Duration.ofDays(30);
    private long maxBytes;
    private long minFreeBytes = 1L << 30;
    private Clock clock = Clock.systemUTC();

    private Builder(Path footage) {
      this.footage = footage;
    }

    /** Where to listen; {@code 127.0.0.1} and 8080 by default. */
    public Builder listen(String listenHost, int listenPort) {
      host = listenHost;
      port = listenPort;
      return this;
    }

    /** How long footage is kept; 30 days by default, zero for ever. */
    public Builder maxAge(Duration age) {
      maxAge = age;
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

    /** Wall time; the system's by default. */
    public Builder clock(Clock wallClock) {
      clock = wallClock;
      return this;
    }

    /**
     * The config.
     *
     * @throws IllegalArgumentException in one sentence, if a value is out of its range
     */
    public MasterConfig build() {
      return new MasterConfig(footage, host, port, maxAge, maxBytes, minFreeBytes, clock);
    }
  }
}
