package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.sink.index.PostgresConfig;
import java.util.List;
import java.util.Optional;

/** The keys that say where the master's index is kept. */
final class IndexKeys {

  private static final String SQLITE = "sqlite";

  static final ConfigKey<Optional<String>> URL =
      new ConfigKey<>(
          "index.url",
          "Where the index is kept: sqlite is a file in the footage folder; the other is a"
              + " PostgreSQL database of this footage folder alone.",
          Optional.of(SQLITE),
          "sqlite, or jdbc:postgresql://HOST:PORT/DATABASE",
          IndexKeys::address);
  static final ConfigKey<String> USER =
      ConfigKey.text(
          "index.user",
          "The user of the PostgreSQL database; by default as this program's user is called.",
          "");
  static final ConfigKey<String> PASSWORD_FILE =
      ConfigKey.text(
          "index.password-file",
          "A file that nobody else may read (0600), whose first line is that user's password.",
          "");

  static final List<ConfigKey<?>> ALL = List.of(URL, USER, PASSWORD_FILE);

  private IndexKeys() {}

  /** The server, if the index is on one. */
  static Optional<PostgresConfig> server(Settings settings) {
    Optional<String> url = settings.get(URL);
    Optional<String> user = set(settings, USER, url);
    Optional<String> file = set(settings, PASSWORD_FILE, url);
    return url.map(
        address ->
            new PostgresConfig(
                address, user, file.map(f -> SecretFile.read(PASSWORD_FILE, f, "the password"))));
  }

  /** A secret in the address must not come out in a complaint: so it names the value never. */
  private static Optional<String> address(String text) {
    if (text.equals(SQLITE)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new PostgresConfig(text, Optional.empty(), Optional.empty()).url());
    } catch (IllegalArgumentException e) {
      throw new UnusableValueException(e.getMessage() + ", or sqlite");
    }
  }

  private static Optional<String> set(
      Settings settings, ConfigKey<String> key, Optional<String> url) {
    String value = settings.get(key);
    if (!value.isEmpty() && url.isEmpty()) {
      throw new ConfigException(
          "key \""
              + key.name()
              + "\" is set, but \"index.url\" is \"sqlite\", which has neither user nor password");
    }
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }
}
