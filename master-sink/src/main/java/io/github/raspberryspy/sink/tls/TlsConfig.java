package io.github.raspberryspy.sink.tls;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a master proves who it is. Immutable.
 *
 * @param files its owner's certificate; without it the master makes a key of its own
 * @param addresses by which cameras reach it, each a host with or without a port; empty for those
 *     of this machine
 */
public record TlsConfig(Optional<Files> files, List<String> addresses) {

  /**
   * A certificate as PEM, which is read again when it changes.
   *
   * @param certificate with those that speak for it behind it
   * @param key of it, without a passphrase, open to its owner alone
   */
  public record Files(Path certificate, Path key) {
    /** Checks presence. */
    public Files {
      Objects.requireNonNull(certificate, "certificate");
      Objects.requireNonNull(key, "key");
    }
  }

  /** Checks presence. */
  public TlsConfig {
    Objects.requireNonNull(files, "files");
    addresses = List.copyOf(addresses);
  }

  /** A key of its own, for the addresses of this machine. */
  public static TlsConfig own() {
    return new TlsConfig(Optional.empty(), List.of());
  }
}
