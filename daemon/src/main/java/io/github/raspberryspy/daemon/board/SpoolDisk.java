package io.github.raspberryspy.daemon.board;

import io.github.raspberryspy.segments.wire.BoardHealth.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The block device that holds the spool: how much is written to all of it, by whatever program, and
 * what it says of its wear. Not thread-safe.
 *
 * <p>Source: Documentation/block/stat.rst of Linux (sectors of 512 bytes); {@code
 * /sys/fs/ext4/DEVICE/errors_count}; {@code life_time} of an eMMC, in steps of ten percent for each
 * of two kinds of memory.
 */
final class SpoolDisk {

  private static final int SECTORS_WRITTEN = 6;
  private static final int SECTOR = 512;
  private static final Duration SPAN = Duration.ofHours(24);
  private static final Duration STEP = Duration.ofHours(1);
  private static final Duration LEAST = Duration.ofMinutes(10);

  private record Sample(long nanos, long bytes) {}

  private final KernelFiles files;
  private final Path spool;
  private final Supplier<OptionalLong> deviceNumber;
  private final LongSupplier nanos;
  private final Deque<Sample> samples = new ArrayDeque<>();

  /**
   * Of this folder.
   *
   * @param deviceNumber of the file system that the folder is on, as stat(2) tells
   */
  SpoolDisk(
      KernelFiles files, Path spool, Supplier<OptionalLong> deviceNumber, LongSupplier nanos) {
    this.files = files;
    this.spool = spool;
    this.deviceNumber = deviceNumber;
    this.nanos = nanos;
  }

  /** The number of the device that a folder is on, as this system tells. */
  static OptionalLong deviceNumber(Path folder) {
    try {
      return OptionalLong.of((long) Files.getAttribute(folder, "unix:dev"));
    } catch (IOException | UnsupportedOperationException e) {
      return OptionalLong.empty();
    }
  }

  Optional<Disk> read() {
    OptionalLong number = deviceNumber.get();
    if (number.isEmpty()) {
      return Optional.empty();
    }
    try {
      Path volume = files.at("sys/dev/block/" + name(number.getAsLong())).toRealPath();
      boolean isPartition = Files.exists(volume.resolve("partition"));
      Path device = isPartition ? volume.getParent() : volume;
      return Optional.of(
          new Disk(
              device.getFileName().toString(),
              Files.getFileStore(spool).getTotalSpace(),
              writtenADay(written(device)),
              files.number(files.at("sys/fs/ext4/" + volume.getFileName() + "/errors_count")),
              worn(device)));
    } catch (IOException e) {
      return Optional.empty(); // no block device: memory, or another computer's disk
    }
  }

  /** Source: makedev(3) of glibc. */
  private static String name(long number) {
    long major = ((number >>> 8) & 0xfff) | ((number >>> 32) & ~0xfffL);
    long minor = (number & 0xff) | ((number >>> 12) & ~0xffL);
    return major + ":" + minor;
  }

  private OptionalLong written(Path device) {
    try {
      return files
          .text(device.resolve("stat"))
          .map(text -> text.split("\\s+", -1))
          .filter(fields -> fields.length > SECTORS_WRITTEN)
          .map(fields -> OptionalLong.of(Long.parseLong(fields[SECTORS_WRITTEN]) * SECTOR))
          .orElseGet(OptionalLong::empty);
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private OptionalLong writtenADay(OptionalLong bytes) {
    if (bytes.isEmpty()) {
      return OptionalLong.empty();
    }
    Sample now = new Sample(nanos.getAsLong(), bytes.getAsLong());
    if (!samples.isEmpty() && now.bytes() < samples.getLast().bytes()) {
      samples.clear(); // another device of the same name
    }
    if (samples.isEmpty() || now.nanos() - samples.getLast().nanos() >= STEP.toNanos()) {
      samples.addLast(now);
    }
    while (now.nanos() - samples.getFirst().nanos() > SPAN.toNanos()) {
      samples.removeFirst();
    }
    long span = now.nanos() - samples.getFirst().nanos();
    return span < LEAST.toNanos()
        ? OptionalLong.empty()
        : OptionalLong.of(
            (long)
                ((double) (now.bytes() - samples.getFirst().bytes())
                    * Duration.ofDays(1).toNanos()
                    / span));
  }

  private OptionalInt worn(Path device) {
    String[] kinds = files.text(device.resolve("device/life_time")).orElse("").split("\\s+", -1);
    int tenths = 0;
    try {
      for (String kind : kinds) {
        tenths = kind.isEmpty() ? tenths : Math.max(tenths, Integer.decode(kind));
      }
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
    return tenths == 0 ? OptionalInt.empty() : OptionalInt.of(Math.min(100, tenths * 10));
  }
}
