package io.github.raspberryspy.daemon.board;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The small files by which a kernel tells of its board. What is not there, or cannot be read, is
 * empty. Thread-safe.
 */
final class KernelFiles {

  private static final int MOST_BYTES = 1 << 16;

  private final Path root;

  /** Those below this folder: {@code /} on a board. */
  KernelFiles(Path root) {
    this.root = root;
  }

  Path at(String path) {
    return root.resolve(path);
  }

  /** What is in a file, without the blanks and zero bytes around it. */
  Optional<String> text(Path file) {
    return bytes(file)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8).replace("\0", "").strip())
        .filter(text -> !text.isEmpty());
  }

  Optional<String> text(String path) {
    return text(at(path));
  }

  Optional<byte[]> bytes(Path file) {
    try (var in = Files.newInputStream(file)) {
      return Optional.of(in.readNBytes(MOST_BYTES));
    } catch (IOException | SecurityException e) {
      return Optional.empty(); // another board, or a sensor that does not answer now
    }
  }

  /** The whole number in a file. */
  OptionalLong number(Path file) {
    try {
      Optional<String> text = text(file);
      return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text.get()));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** What is in a folder by names like this one, in their order. */
  List<Path> list(String folder, String glob) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(at(folder), glob)) {
      entries.forEach(found::add);
    } catch (IOException | SecurityException e) {
      return List.of();
    }
    found.sort(null);
    return found;
  }
}
