package io.github.raspberryspy.daemon.board;

import io.github.raspberryspy.natives.libc.KernelClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** The files of a kernel, in a folder. */
final class MadeUpBoard {

  static final long PARTITION = 179 << 8 | 2; // 179:2, as of an SD card

  private final Path root;
  long nanos;
  KernelClock clock = new KernelClock(0, Duration.ofMillis(12));
  boolean isClockSet = true;

  MadeUpBoard(Path root) {
    this.root = root;
  }

  MadeUpBoard file(String path, String text) {
    return file(path, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  MadeUpBoard file(String path, byte[] content) {
    try {
      Path file = root.resolve(path);
      Files.createDirectories(file.getParent());
      Files.write(file, content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An SD card whose second partition holds the spool. */
  MadeUpBoard card(long sectorsWritten) {
    String device = "sys/devices/platform/emmc2bus/mmcblk0/";
    file(device + "stat", "  100 0 800 10  200 0 " + sectorsWritten + " 30 0 40 50 0 0 0 0\n");
    file(device + "mmcblk0p2/partition", "2\n");
    file(device + "mmcblk0p2/stat", "1 0 8 1 2 0 16 3 0 4 5\n");
    try {
      Path link = root.resolve("sys/dev/block/179:2");
      Files.createDirectories(link.getParent());
      if (!Files.exists(link)) {
        Files.createSymbolicLink(link, root.resolve(device + "mmcblk0p2"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  KernelFiles files() {
    return new KernelFiles(root);
  }

  BoardReader reader() {
    SpoolDisk disk = new SpoolDisk(files(), root, () -> OptionalLong.of(PARTITION), () -> nanos);
    return new BoardReader(
        new BoardReader.Sources(files(), disk, () -> isClockSet, () -> Optional.of(clock)));
  }

  void pass(Duration time) {
    nanos += time.toNanos();
  }
}
