package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.upload.UploaderConfig;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The keys that say whom a camera tells that its master is away. */
final class AwayKeys {

  static final ConfigKey<Optional<URI>> URL =
      new ConfigKey<>(
          "master.away-url",
          "Where the camera itself tells that its master is away, by a text that it posts: a topic"
              + " of ntfy, or what else takes one.",
          Optional.of(""),
          "an address, or empty for none",
          text -> text.isBlank() ? Optional.empty() : Optional.of(URI.create(text.strip())));
  static final ConfigKey<Duration> AFTER =
      ConfigKey.duration(
          "master.away-after", "How long it must be away for that.", "10m", "1m", "1d");

  static final List<ConfigKey<?>> ALL = List.of(URL, AFTER);

  private AwayKeys() {}

  /**
   * Whom the camera tells, if anybody.
   *
   * @throws ConfigException if there is no master that could be away
   */
  static Optional<AwayConfig> config(Settings settings, Optional<UploaderConfig> upload) {
    Optional<URI> url = settings.get(URL);
    if (url.isPresent() && upload.flatMap(UploaderConfig::access).isEmpty()) {
      throw new ConfigException("key \"master.away-url\" is set, but there is no master");
    }
    return url.map(u -> URL.checked(() -> new AwayConfig(u, settings.get(AFTER))));
  }
}
