package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.sink.MasterConfig;
import io.github.raspberryspy.sink.tls.TlsConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The keys that say how the master proves who it is. */
final class TlsKeys {

  private static final Pattern ADDRESS =
      Pattern.compile("([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9a-fA-F:.]+])(:\\d{1,5})?");

  /** When the port speaks TLS. */
  enum Mode {
    AUTO,
    ON
  }

  static final ConfigKey<Mode> MODE =
      ConfigKey.choice(
          "tls.mode",
          "Whether the port speaks TLS 1.3, and nothing else: auto does so unless it listens on this"
              + " machine alone and there is no certificate.",
          Mode.AUTO,
          Mode.class);
  static final ConfigKey<String> CERTIFICATE =
      ConfigKey.text(
          "tls.certificate",
          "The file with your certificate and those that speak for it, as PEM; empty for a key that"
              + " the master makes for itself.",
          "");
  static final ConfigKey<String> KEY =
      ConfigKey.text(
          "tls.key",
          "The file with the certificate's key, as PEM without a passphrase, open to its owner alone.",
          "");
  static final ConfigKey<List<String>> ADDRESSES =
      new ConfigKey<>(
          "tls.addresses",
          "By which cameras reach the master, for the codes that pair them; empty for the addresses"
              + " of this machine.",
          Optional.of(""),
          "a list of hosts, each with a port or without",
          TlsKeys::readAddresses);

  static final List<ConfigKey<?>> ALL = List.of(MODE, CERTIFICATE, KEY, ADDRESSES);

  private TlsKeys() {}

  /**
   * How the master proves who it is; empty for plain HTTP.
   *
   * @throws ConfigException if the files are not two
   */
  static Optional<TlsConfig> config(Settings settings, String host) {
    String certificate = settings.get(CERTIFICATE);
    String key = settings.get(KEY);
    List<String> addresses = settings.get(ADDRESSES); // wrong is wrong, also without TLS
    if (certificate.isBlank() != key.isBlank()) {
      ConfigKey<String> set = certificate.isBlank() ? KEY : CERTIFICATE;
      ConfigKey<String> missing = certificate.isBlank() ? CERTIFICATE : KEY;
      throw new ConfigException(
          "key \"" + missing.name() + "\" is not set, but \"" + set.name() + "\" is");
    }
    if (settings.get(MODE) == Mode.AUTO && certificate.isBlank() && MasterConfig.isLoopback(host)) {
      return Optional.empty();
    }
    Optional<TlsConfig.Files> files =
        certificate.isBlank()
            ? Optional.empty()
            : Optional.of(new TlsConfig.Files(Path.of(certificate), Path.of(key)));
    return Optional.of(new TlsConfig(files, addresses));
  }

  private static List<String> readAddresses(String text) {
    List<String> addresses = Stream.of(text.split(";", -1)).map(String::strip).toList();
    if (text.isBlank()) {
      return List.of();
    }
    for (String address : addresses) {
      if (!ADDRESS.matcher(address).matches()) {
        throw new IllegalArgumentException(address);
      }
    }
    return addresses;
  }
}
