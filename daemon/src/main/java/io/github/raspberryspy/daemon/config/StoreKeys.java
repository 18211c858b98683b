package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.s3.S3Bucket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The keys that say where the master's sealed footage is kept. */
final class StoreKeys {

  private static final String FILES = "files";

  static final ConfigKey<Optional<URI>> URL =
      new ConfigKey<>(
          "store.url",
          "Where sealed footage is kept: files of the footage folder, or a bucket of an"
              + " S3-compatible object store; with index.url as well, replicas share both.",
          Optional.of(FILES),
          "files, or s3://BUCKET/PREFIX",
          StoreKeys::address);
  static final ConfigKey<String> KEY_FILE =
      ConfigKey.text(
          "store.key-file",
          "A file that nobody else may read (0600), with ACCESS-KEY-ID:SECRET-ACCESS-KEY of that"
              + " bucket.",
          "");
  static final ConfigKey<Optional<URI>> ENDPOINT =
      new ConfigKey<>(
          "store.endpoint",
          "Where the object store is.",
          Optional.of(""),
          "empty for AWS, or an http or https address",
          text -> text.isBlank() ? Optional.empty() : Optional.of(URI.create(text)));
  static final ConfigKey<String> REGION =
      ConfigKey.text(
          "store.region",
          "The region in which requests are signed; most stores outside of AWS go by the default.",
          S3Bucket.REGION);
  static final ConfigKey<Boolean> REREAD =
      ConfigKey.flag(
          "store.reread",
          "Whether each byte is read again from the bucket before a camera gets its receipt,"
              + " although the store checks a hash; where it does not, it always is.",
          false);

  static final List<ConfigKey<?>> ALL = List.of(URL, KEY_FILE, ENDPOINT, REGION, REREAD);

  private StoreKeys() {}

  /**
   * The bucket, if footage is kept in one.
   *
   * @throws ConfigException in one sentence that names the key, if it cannot be
   */
  static Optional<S3Bucket> bucket(Settings settings) {
    Optional<URI> url = settings.get(URL);
    if (url.isEmpty()) {
      refuse(!settings.get(KEY_FILE).isBlank(), KEY_FILE);
      refuse(settings.get(ENDPOINT).isPresent(), ENDPOINT);
      refuse(!settings.get(REGION).equals(S3Bucket.REGION), REGION);
      refuse(settings.get(REREAD), REREAD);
      return Optional.empty();
    }
    S3Bucket.Access access = KEY_FILE.checked(() -> S3Bucket.Access.read(keyFile(settings)));
    Optional<URI> endpoint = settings.get(ENDPOINT);
    ENDPOINT.checked(() -> S3Bucket.requireEndpoint(endpoint));
    return Optional.of(
        URL.checked(
            () ->
                S3Bucket.of(
                    url.get(), endpoint, settings.get(REGION), access, settings.get(REREAD))));
  }

  private static Path keyFile(Settings settings) {
    String file = settings.get(KEY_FILE);
    if (file.isBlank()) {
      throw new IllegalArgumentException("it is not set, but \"" + URL.name() + "\" is a bucket");
    }
    return Path.of(file);
  }

  private static void refuse(boolean isSet, ConfigKey<?> key) {
    if (isSet) {
      throw new ConfigException(
          "key \""
              + key.name()
              + "\" is set, but \""
              + URL.name()
              + "\" is \""
              + FILES
              + "\", which has no such thing");
    }
  }

  private static Optional<URI> address(String text) {
    if (text.equals(FILES)) {
      return Optional.empty();
    }
    URI url = URI.create(text);
    if (!"s3".equals(url.getScheme())) {
      throw new IllegalArgumentException(text);
    }
    return Optional.of(url);
  }
}
