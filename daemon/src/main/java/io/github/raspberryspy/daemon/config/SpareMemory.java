package io.github.raspberryspy.daemon.config;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where footage may go while the disk fails, where nobody says: a folder that is memory, and how
 * much of it. Nothing is taken before the disk fails.
 *
 * <p>Source: shm_overview(7), {@code /dev/shm}; systemd.exec(5), {@code RUNTIME_DIRECTORY};
 * proc_meminfo(5), {@code MemAvailable}.
 */
final class SpareMemory {

  private static final Logger log = LoggerFactory.getLogger(SpareMemory.class);

  /** Two minutes of 4 Mbit/s fit into the quarter of what a Pi Zero 2 has to spare. */
  private static final int SHARE = 4;

  static final long LEAST = 8L << 20;
  private static final long MOST = 512L << 20;

  private SpareMemory() {}

  /** The folders that may be memory, the best first. */
  static List<Path> candidates() {
    String runtime = System.getenv().getOrDefault("RUNTIME_DIRECTORY", "");
    return runtime.isEmpty() || runtime.contains(":")
        ? List.of(Path.of("/dev/shm"))
        : List.of(Path.of("/dev/shm"), Path.of(runtime));
  }

  /** The first of them that is a tmpfs which can be written. */
  static Optional<Path> folder(List<Path> candidates) {
    return candidates.stream().filter(SpareMemory::isMemory).findFirst();
  }

  private static boolean isMemory(Path folder) {
    try {
      return Files.isDirectory(folder)
          && Files.isWritable(folder)
          && Files.getFileStore(folder).type().equals("tmpfs");
    } catch (IOException e) {
      log.debug("{} does not tell what it is", folder, e);
      return false;
    }
  }

  /**
   * A quarter of what is available, half of what the folder still holds at the most, and 512 MB;
   * empty where that is less than {@link #LEAST}.
   *
   * @param meminfo {@code /proc/meminfo}
   */
  static OptionalLong bytes(Path folder, Path meminfo) {
    try {
      FileStore store = Files.getFileStore(folder);
      long most = Math.min(MOST, store.getUsableSpace() / 2);
      long bytes = Math.min(most, available(meminfo) / SHARE);
      return bytes < LEAST ? OptionalLong.empty() : OptionalLong.of(bytes);
    } catch (IOException | NumberFormatException e) {
      log.debug("how much memory is available is not known", e);
      return OptionalLong.empty();
    }
  }

  private static long available(Path meminfo) throws IOException {
    for (String line : Files.readAllLines(meminfo)) {
      if (line.startsWith("MemAvailable:")) {
        return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException(meminfo + " has no line MemAvailable");
  }
}
