package io.github.raspberryspy.segments.spool;

import io.github.raspberryspy.segments.DirectRead;
import io.github.raspberryspy.segments.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * A small file that is written anew and read back past the kernel's cache, to find out whether a
 * disk still takes what it is given. A card at its end may become read-only, fail, or say yes and
 * forget. The same block is rewritten each time, so that it costs no room. For one thread.
 */
public final class Canary {

  /** What each check writes. */
  public static final int BYTES = 4096;

  private final Path file;
  private final SecureRandom random = new SecureRandom();

  /** In this folder. */
  public Canary(Path folder) {
    this.file = folder.resolve("canary.bin");
  }

  /**
   * Writes, syncs and reads back.
   *
   * @throws IOException if the disk fails at any of it, or gives other bytes back
   */
  public void check() throws IOException {
    byte[] nonce = new byte[BYTES];
    random.nextBytes(nonce);
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      DurableFiles.writeFully(out, ByteBuffer.wrap(nonce));
      out.force(false);
    }
    if (!Arrays.equals(DirectRead.read(file, BYTES), nonce)) {
      throw new IOException(file + " does not read back as it was written: the disk forgets");
    }
  }
}
