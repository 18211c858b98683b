package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.s3.S3Bucket;
import io.github.raspberryspy.upload.HostKey;
import io.github.raspberryspy.upload.S3Config;
import io.github.raspberryspy.upload.SftpConfig;
import io.github.raspberryspy.upload.TargetConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The keys that say where footage goes, if not to the master. */
final class TargetKeys {

  static final ConfigKey<Optional<URI>> TARGET =
      new ConfigKey<>(
          "upload.target",
          "Where footage goes rather than to the master, which then only hears of the camera.",
          Optional.of(""),
          "empty for the master, or an address such as sftp://user@host/folder or s3://bucket/prefix",
          TargetKeys::readTarget);
  static final ConfigKey<String> KEY_FILE =
      ConfigKey.text(
          "upload.key-file",
          "The file, open to its owner alone, with what the camera shows to that target: for sftp a"
              + " private key of OpenSSH without a passphrase, for s3"
              + " ACCESS-KEY-ID:SECRET-ACCESS-KEY.",
          "");
  static final ConfigKey<String> HOST_KEY =
      ConfigKey.text(
          "upload.host-key",
          "For sftp, the server's public host key, as ssh-keyscan prints it; a server with another"
              + " key gets nothing.",
          "");
  static final ConfigKey<Optional<URI>> ENDPOINT =
      new ConfigKey<>(
          "upload.endpoint",
          "For s3, where the store is.",
          Optional.of(""),
          "empty for AWS, or an http or https address",
          text -> text.isBlank() ? Optional.empty() : Optional.of(URI.create(text)));
  static final ConfigKey<String> REGION =
      ConfigKey.text(
          "upload.region",
          "For s3, the region in which requests are signed; most stores outside of AWS go by the"
              + " default.",
          S3Bucket.REGION);
  static final ConfigKey<Boolean> REREAD =
      ConfigKey.flag(
          "upload.reread",
          "Whether each byte is read again from sftp or s3 before it is deleted here, although the"
              + " target offers a hash of what it holds; where it offers none, it always is.",
          false);

  static final List<ConfigKey<?>> ALL =
      List.of(TARGET, KEY_FILE, HOST_KEY, ENDPOINT, REGION, REREAD);

  private TargetKeys() {}

  /**
   * Where footage goes; empty for the master.
   *
   * @throws ConfigException in one sentence that names the key, if it cannot
   */
  static Optional<TargetConfig> config(Settings settings) {
    Optional<URI> target = settings.get(TARGET);
    String scheme = target.map(URI::getScheme).orElse("");
    if (!scheme.equals("sftp")) {
      refuse(!settings.get(HOST_KEY).isBlank(), HOST_KEY, "sftp");
    }
    if (!scheme.equals("s3")) {
      refuse(settings.get(ENDPOINT).isPresent(), ENDPOINT, "s3");
      refuse(!settings.get(REGION).equals(S3Bucket.REGION), REGION, "s3");
    }
    if (target.isEmpty()) {
      refuse(!settings.get(KEY_FILE).isBlank(), KEY_FILE, "sftp or s3");
      refuse(settings.get(REREAD), REREAD, "sftp or s3");
      return Optional.empty();
    }
    return Optional.of(
        scheme.equals("sftp") ? sftp(settings, target.get()) : s3(settings, target.get()));
  }

  private static TargetConfig sftp(Settings settings, URI target) {
    SftpConfig.Identity identity =
        KEY_FILE.checked(() -> SftpConfig.Identity.read(keyFile(settings)));
    HostKey hostKey = HOST_KEY.checked(() -> HostKey.parse(settings.get(HOST_KEY)));
    return TARGET.checked(() -> SftpConfig.of(target, hostKey, identity, settings.get(REREAD)));
  }

  private static TargetConfig s3(Settings settings, URI target) {
    S3Bucket.Access access = KEY_FILE.checked(() -> S3Bucket.Access.read(keyFile(settings)));
    Optional<URI> endpoint = settings.get(ENDPOINT);
    ENDPOINT.checked(() -> S3Bucket.requireEndpoint(endpoint));
    return TARGET.checked(
        () ->
            new S3Config(
                S3Bucket.of(target, endpoint, settings.get(REGION), access, settings.get(REREAD))));
  }

  private static Path keyFile(Settings settings) {
    String file = settings.get(KEY_FILE);
    if (file.isBlank()) {
      throw new IllegalArgumentException("it is not set, but \"" + TARGET.name() + "\" is");
    }
    return Path.of(file);
  }

  private static void refuse(boolean isSet, ConfigKey<?> key, String scheme) {
    if (isSet) {
      throw new ConfigException(
          "key \""
              + key.name()
              + "\" is set, but \""
              + TARGET.name()
              + "\" is no "
              + scheme
              + " address");
    }
  }

  private static Optional<URI> readTarget(String text) {
    if (text.isBlank()) {
      return Optional.empty();
    }
    URI target = URI.create(text);
    if (!"sftp".equals(target.getScheme()) && !"s3".equals(target.getScheme())) {
      throw new IllegalArgumentException(text);
    }
    return Optional.of(target);
  }
}
