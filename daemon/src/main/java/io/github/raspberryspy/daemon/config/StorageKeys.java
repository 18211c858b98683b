package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.camera.record.StorageConfig;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** The keys that say what happens when the camera's disk is full, fails, or is to be spared. */
final class StorageKeys {

  private static final String AUTO = "auto";

  static final ConfigKey<OptionalLong> RESERVE =
      new ConfigKey<>(
          "spool.reserve",
          "What stays free on the disk, in bytes: below it verified footage goes, then the oldest"
              + " without motion, then the oldest; auto is 5 % of the disk, at least 200 MB; 0"
              + " never deletes any.",
          Optional.of(AUTO),
          "auto, or an amount of data such as 0, 500MB, 20GB or 2TB",
          text ->
              text.equals(AUTO)
                  ? OptionalLong.empty()
                  : OptionalLong.of(ConfigKey.bytes("amount", "", "0").reader().apply(text)));
  static final ConfigKey<Long> LIMIT =
      ConfigKey.bytes(
          "spool.limit", "The most that the camera's footage takes here; 0 for no limit.", "0");
  static final ConfigKey<String> RAM =
      ConfigKey.text(
          "spool.ram",
          "A folder in memory, such as /dev/shm, that takes footage while the disk fails; empty for"
              + " none.",
          "");
  static final ConfigKey<Long> RAM_SIZE =
      new ConfigKey<>(
          "spool.ram-size",
          "The most footage that is kept in memory.",
          Optional.of("128MB"),
          "an amount of data from 8MB to 64GB",
          text -> {
            long bytes = ConfigKey.bytes("amount", "", "0").reader().apply(text);
            if (bytes < 8L << 20 || bytes > 64L << 30) {
              throw new IllegalArgumentException(text);
            }
            return bytes;
          });
  static final ConfigKey<Boolean> RAM_FIRST =
      ConfigKey.flag(
          "spool.ram-first",
          "Whether footage goes to memory always, and to the disk only when the master is behind:"
              + " spares a card; a power cut costs what is in memory.",
          false);

  private StorageKeys() {}

  /** What these settings say. */
  static StorageConfig config(Settings settings) {
    String ram = settings.get(RAM);
    if (ram.isBlank() && settings.get(RAM_FIRST)) {
      throw new ConfigException(
          "key \"spool.ram-first\" is \"true\", but \"spool.ram\" names no folder");
    }
    return new StorageConfig(
        settings.get(RESERVE),
        settings.get(LIMIT),
        ram.isBlank() ? Optional.empty() : Optional.of(Path.of(ram)),
        settings.get(RAM_SIZE),
        settings.get(RAM_FIRST));
  }
}
