package io.github.raspberryspy.segments;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

/**
 * The few ways in which files become durable here. Everything goes through {@link Path}, so that a
 * test's file system can fail any step.
 *
 * <p>Source: the order fsync file, rename, fsync directory is that of POSIX {@code rename(2)} and
 * {@code fsync(2)}: a rename is durable only once its directory is.
 */
public final class DurableFiles {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private static final int HEAP_PIECE_BYTES = 64 << 10;

  private static final boolean DIRECTORIES_SYNC =
      !System.getProperty("os.name", "").startsWith("Windows");

  private DurableFiles() {}

  /**
   * Puts these bytes under this name, whole or not at all: temporary file, fsync, rename, fsync of
   * the directory. Creates the directory.
   */
  public static void write(Path file, byte[] bytes) throws IOException {
    createDirectories(parent(file));
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      writeAndSync(temporary, bytes);
      rename(temporary, file);
    } catch (IOException e) {
      discard(temporary, e);
      throw e;
    }
  }

  private static void writeAndSync(Path file, byte[] bytes) throws IOException {
    try (FileChannel out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      writeFully(out, ByteBuffer.wrap(bytes));
      out.force(true);
    }
  }

  private static void discard(Path temporary, IOException why) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  private static Path parent(Path file) {
    return file.toAbsolutePath().getParent();
  }

  /** Writes all that remains in the buffer at the channel's position. */
  public static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
    int end = bytes.limit();
    while (bytes.position() < end) {
      if (!bytes.isDirect()) {
        // the JDK keeps a direct copy of the largest such piece for each thread that ever wrote one
        bytes.limit(Math.min(end, bytes.position() + HEAP_PIECE_BYTES));
      }
      out.write(bytes);
      bytes.limit(end);
    }
  }

  /** Renames within one file system, replacing the target, and fsyncs the target's directory. */
  public static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncDirectory(parent(to));
  }

  /** Deletes a file if it is there, and fsyncs its directory. Returns whether it was there. */
  public static boolean delete(Path file) throws IOException {
    boolean was = Files.deleteIfExists(file);
    if (was) {
      syncDirectory(parent(file));
    }
    return was;
  }

  /** Creates a directory with its parents, and fsyncs the directory above each new one. */
  public static void createDirectories(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null) {
      createDirectories(parent);
    }
    Files.createDirectories(directory);
    if (parent != null) {
      syncDirectory(parent);
    }
  }

  /**
   * Creates a directory into which nobody but its owner may look, with its parents. One that is
   * there stays as open as somebody made it. Windows knows no such modes.
   */
  public static void createPrivateDirectory(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    createDirectories(directory);
    makePrivate(directory);
  }

  /**
   * Lets nobody but its owner look into a directory. Windows knows no such modes.
   *
   * @return whether it could: not where it is somebody else's, or its disk keeps no modes
   */
  public static boolean makePrivate(Path directory) {
    PosixFileAttributeView posix =
        Files.getFileAttributeView(directory, PosixFileAttributeView.class);
    try {
      if (posix != null && !posix.readAttributes().permissions().equals(OWNER_ONLY)) {
        posix.setPermissions(OWNER_ONLY);
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Fsyncs a directory. Windows neither needs nor allows it. */
  public static void syncDirectory(Path directory) throws IOException {
    if (DIRECTORIES_SYNC) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Fsyncs a file's data and metadata. */
  public static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Reads a file from end to end and returns its size and SHA-256. */
  public static Content hash(Path file) throws IOException {
    MessageDigest digest = sha256();
    long size = 0;
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(1 << 18, in.size() + 1));
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        size += n;
        digest.update(buffer.flip());
        buffer.clear();
      }
    }
    if (size == 0) {
      throw new IOException(file + " is empty");
    }
    return new Content(size, HexFormat.of().formatHex(digest.digest()));
  }

  /** A new SHA-256 digest: every Java platform has it. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
