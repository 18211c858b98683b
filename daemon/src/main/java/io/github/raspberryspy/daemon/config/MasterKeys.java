package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.sink.MasterConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The keys of {@code master.yml}, and the master they describe. */
public final class MasterKeys {

  static final ConfigKey<Path> FOLDER =
      ConfigKey.folder("footage.folder", "Where footage is kept.");
  static final ConfigKey<String> HOST =
      ConfigKey.text("listen.host", "The address to listen on.", "127.0.0.1");
  static final ConfigKey<Integer> PORT =
      ConfigKey.integer("listen.port", "The port; 0 takes a free one.", 8470, 0, 65535);
  static final ConfigKey<Duration> MAX_AGE =
      ConfigKey.duration(
          "retention.max-age", "How long footage is kept; 0s for ever.", "30d", "0s", "36500d");
  static final ConfigKey<Long> MAX_SIZE =
      ConfigKey.bytes("retention.max-size", "How much footage is kept; 0 sets no limit.", "0");
  static final ConfigKey<Long> MIN_FREE =
      ConfigKey.bytes(
          "retention.min-free", "How much of the disk stays free for other things.", "1GB");

  /** All of them, in the order of the file. */
  public static final List<ConfigKey<?>> ALL =
      List.of(FOLDER, HOST, PORT, MAX_AGE, MAX_SIZE, MIN_FREE);

  private MasterKeys() {}

  /** The folder alone. */
  public static Path folder(Settings settings) {
    return settings.get(FOLDER);
  }

  /**
   * The master that these settings describe.
   *
   * @throws ConfigException in one sentence, if it cannot be
   */
  public static MasterConfig master(Settings settings) {
    MasterConfig.Builder master =
        MasterConfig.into(folder(settings))
            .listen(settings.get(HOST), settings.get(PORT))
            .maxAge(settings.get(MAX_AGE))
            .maxBytes(settings.get(MAX_SIZE))
            .minFreeBytes(settings.get(MIN_FREE));
    try {
      return master.build();
    } catch (IllegalArgumentException e) { // only the host is not checked yet
      throw new ConfigException("key \"listen.host\": " + e.getMessage());
    }
  }
}
