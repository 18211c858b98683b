package io.github.raspberryspy.daemon.board;

import io.github.raspberryspy.segments.wire.BoardFacts;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Reads what a board is. Source: os-release(5); the device tree of a Raspberry Pi, whose {@code
 * chosen/bootloader} names the firmware that has started it.
 */
final class FactsReader {

  private static final String FIRMWARE = "proc/device-tree/chosen/bootloader";
  private static final int SHORT_HASH = 8;

  private FactsReader() {}

  /** Of the board whose kernel has these files. */
  static BoardFacts read(KernelFiles files) {
    return new BoardFacts(
        files
            .text("proc/device-tree/model")
            .or(() -> files.text("sys/class/dmi/id/product_name"))
            .orElse(""),
        files.text("etc/os-release").map(FactsReader::system).orElse(""),
        files.text("proc/sys/kernel/osrelease").orElse(""),
        firmware(files));
  }

  private static String system(String osRelease) {
    return osRelease
        .lines()
        .filter(line -> line.startsWith("PRETTY_NAME="))
        .map(line -> line.substring(line.indexOf('=') + 1).replaceAll("^[\"']|[\"']$", ""))
        .findFirst()
        .orElse("");
  }

  /** The day it was built, and the beginning of its hash. */
  private static String firmware(KernelFiles files) {
    Path folder = files.at(FIRMWARE);
    String hash = files.text(folder.resolve("version")).orElse("");
    String version = hash.substring(0, Math.min(SHORT_HASH, hash.length()));
    Optional<LocalDate> built =
        files
            .bytes(folder.resolve("build-timestamp"))
            .or(() -> files.bytes(folder.resolve("build_timestamp")))
            .filter(bytes -> bytes.length == Integer.BYTES)
            .map(bytes -> Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt()))
            .map(seconds -> LocalDate.ofInstant(Instant.ofEpochSecond(seconds), ZoneOffset.UTC));
    return built.map(day -> (day + " " + version).strip()).orElse(version);
  }
}
