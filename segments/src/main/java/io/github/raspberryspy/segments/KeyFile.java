package io.github.raspberryspy.segments;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Reads and writes files that hold secrets, and that nobody but their owner may open. */
public final class KeyFile {

  /** More is no key. */
  private static final int MOST_BYTES = 64 << 10;

  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private KeyFile() {}

  /**
   * Writes one durably, in place of what was there: nobody but its owner can open it at any moment.
   *
   * @throws IOException if it cannot be written; then what was there stays
   */
  public static void write(Path file, byte[] secret) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    Files.deleteIfExists(temporary);
    if (Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix")) {
      Files.createFile(temporary, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    } else {
      Files.createFile(temporary);
    }
    try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      DurableFiles.writeFully(out, ByteBuffer.wrap(secret));
      out.force(true);
    }
    DurableFiles.rename(temporary, file);
  }

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
