package io.github.raspberryspy.segments;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads what the disk itself holds, past the kernel's cache, where the file system offers that: a
 * page that could not be written stays in the cache as if it had been, and a dying card takes
 * writes and forgets them. Where it is not offered (tmpfs of older kernels, file systems of tests)
 * it reads as usual.
 *
 * <p>Source: {@code open(2)}, O_DIRECT; {@code fsync(2)} on what is left in the cache after an
 * error.
 */
public final class DirectRead {

  private static final int BLOCK = 4096;
  private static final int CHUNK = 1 << 18;

  /* O_DIRECT as the JDK offers it, in jdk.unsupported: by name, for a JVM may lack that module. */
  private static final Set<OpenOption> DIRECT = direct();

  private DirectRead() {}

  /** The first bytes of a file, as many as there are and are asked for. */
  public static byte[] read(Path file, int most) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(most);
    each(file, most, bytes::put);
    byte[] read = new byte[bytes.flip().remaining()];
    bytes.get(read);
    return read;
  }

  /**
   * Size and SHA-256 of the first so many bytes of a file.
   *
   * @throws IOException if the file has fewer
   */
  public static Content hash(Path file, long bytes) throws IOException {
    MessageDigest digest = DurableFiles.sha256();
    long read = each(file, bytes, digest::update);
    if (read < bytes) {
      throw new IOException(file + " has " + read + " bytes where " + bytes + " were written");
    }
    return new Content(bytes, HexFormat.of().formatHex(digest.digest()));
  }

  private interface Taker {
    void take(ByteBuffer bytes);
  }

  private static long each(Path file, long most, Taker taker) throws IOException {
    int block = blockSize(file);
    int full = (int) Math.min(CHUNK, (most / block + 1) * block);
    ByteBuffer buffer = ByteBuffer.allocateDirect(full + block).alignedSlice(block);
    long at = 0;
    try (FileChannel in = open(file)) {
      while (at < most) {
        int n = in.read(buffer.clear().limit(full), at);
        if (n < 0) {
          break;
        }
        buffer.flip().limit((int) Math.min(n, most - at));
        at += buffer.remaining();
        taker.take(buffer);
        if (n % block != 0) {
          break; // the end: a place between blocks cannot be read
        }
      }
    }
    return at;
  }

  private static FileChannel open(Path file) throws IOException {
    try {
      return FileChannel.open(file, DIRECT);
    } catch (UnsupportedOperationException | IOException e) {
      try {
        return FileChannel.open(file, StandardOpenOption.READ);
      } catch (IOException f) {
        f.addSuppressed(e);
        throw f;
      }
    }
  }

  private static Set<OpenOption> direct() {
    Object[] extended;
    try {
      extended = Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants();
    } catch (ClassNotFoundException e) {
      extended = new Object[0];
    }
    Set<OpenOption> options =
        Arrays.stream(extended)
            .filter(option -> option.toString().equals("DIRECT"))
            .map(OpenOption.class::cast)
            .collect(Collectors.toSet());
    options.add(StandardOpenOption.READ);
    return options;
  }

  private static int blockSize(Path file) throws IOException {
    try {
      return (int) Math.max(BLOCK, Files.getFileStore(file).getBlockSize());
    } catch (UnsupportedOperationException e) {
      return BLOCK;
    }
  }
}
