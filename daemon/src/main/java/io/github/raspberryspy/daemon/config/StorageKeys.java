package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.camera.record.StorageConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The keys that say what happens when the camera's disk is full, fails, or is to be spared. */
final class StorageKeys {

  private static final String AUTO = "auto";
  private static final String NONE = "none";

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
  static final ConfigKey<Duration> MAX_AGE =
      ConfigKey.durationOrNever(
          "spool.max-age",
          "How old footage may grow here before it is deleted, whether the master has it or not; what"
              + " it does not have is reported, and listed as a gap.",
          Duration.ZERO,
          "1h",
          "3650d");
  static final ConfigKey<String> RAM =
      ConfigKey.text(
          "spool.ram",
          "A folder in memory that takes footage while the disk fails; auto is /dev/shm where that is"
              + " memory, else none; none for none.",
          AUTO);
  static final ConfigKey<OptionalLong> RAM_SIZE =
      new ConfigKey<>(
          "spool.ram-size",
          "The most footage that is kept in memory; auto is a quarter of what is available at the"
              + " start, at most 512 MB and half of what the folder holds.",
          Optional.of(AUTO),
          "auto, or an amount of data from 8MB to 64GB",
          text -> {
            if (text.equals(AUTO)) {
              return OptionalLong.empty();
            }
            long bytes = ConfigKey.bytes("amount", "", "0").reader().apply(text);
            if (bytes < SpareMemory.LEAST || bytes > 64L << 30) {
              throw new IllegalArgumentException(text);
            }
            return OptionalLong.of(bytes);
          });
  static final ConfigKey<Boolean> RAM_FIRST =
      ConfigKey.flag(
          "spool.ram-first",
          "Whether footage goes to memory always, and to the disk only when the master is behind:"
              + " spares a card; a power cut costs what is in memory.",
          false);
  static final ConfigKey<Long> WRITE_BUDGET =
      ConfigKey.bytes(
          "spool.write-budget",
          "How much a day may be written to the disk before it is reported: a card wears out; 0 for"
              + " any amount.",
          "0");

  private StorageKeys() {}

  /** What these settings say. */
  static StorageConfig config(Settings settings) {
    return config(settings, SpareMemory.candidates(), Path.of("/proc/meminfo"));
  }

  static StorageConfig config(Settings settings, List<Path> candidates, Path meminfo) {
    StorageConfig disk =
        new StorageConfig(
            settings.get(RESERVE),
            settings.get(LIMIT),
            settings.get(MAX_AGE),
            Optional.empty(),
            StorageConfig.USUAL_RAM,
            false,
            settings.get(WRITE_BUDGET));
    Optional<Path> folder = folder(settings.get(RAM), candidates);
    OptionalLong bytes =
        settings.get(RAM_SIZE).isPresent() || folder.isEmpty()
            ? settings.get(RAM_SIZE)
            : SpareMemory.bytes(folder.get(), meminfo);
    boolean isFirst = settings.get(RAM_FIRST);
    if (folder.isPresent() && bytes.isPresent()) {
      return disk.ram(folder.get(), bytes.getAsLong()).ramFirst(isFirst);
    }
    if (isFirst) {
      throw new ConfigException(
          "key \"spool.ram-first\" is \"true\", but \"spool.ram\" is \""
              + settings.get(RAM)
              + "\", and there is no memory to write to");
    }
    return disk;
  }

  private static Optional<Path> folder(String ram, List<Path> candidates) {
    return switch (ram) {
      case AUTO -> SpareMemory.folder(candidates);
      case NONE, "" -> Optional.empty();
      default -> Optional.of(Path.of(ram));
    };
  }
}
