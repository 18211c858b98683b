package io.github.raspberryspy.segments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** Reads files that hold secrets, and that nobody but their owner may open. */
public final class KeyFile {

  /** More is no key. */
  private static final int MOST_BYTES = 64 << 10;

  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private KeyFile() {}

  /**
   * All of it.
   *
   * @throws IllegalArgumentException in one sentence without what stands in it, if it cannot be
   *     read, or by others too
   */
  public static byte[] read(Path file) {
    try {
      if (Files.getFileStore(file).supportsFileAttributeView("posix")
          && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
        throw new IllegalArgumentException(
            "file " + file + " is open to others: chmod 600 makes it its owner's alone");
      }
      if (Files.size(file) > MOST_BYTES) {
        throw new IllegalArgumentException("file " + file + " is too large for a key");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "file " + file + " cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }
}
