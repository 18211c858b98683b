package io.github.raspberryspy.sink.store;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** Room on the footage folder's disk, and the reserve that uploads may not touch. Thread-safe. */
public final class DiskSpace {

  /** The most that one refusal makes retention delete footage for: a chunk. */
  private static final long MOST_WANTED = 1 << 20;

  private final FileStore store;
  private final long reserveBytes;
  private final AtomicLong wanted = new AtomicLong();

  /** Opens; the reserve is what must stay free. */
  public DiskSpace(Path folder, long reserveBytes) throws IOException {
    this.store = Files.getFileStore(folder);
    this.reserveBytes = reserveBytes;
  }

  /** Bytes that the disk has left for us. */
  public long freeBytes() throws IOException {
    return store.getUsableSpace();
  }

  /** Size of the disk, bytes. */
  public long totalBytes() throws IOException {
    return store.getTotalSpace();
  }

  /** What must stay free, bytes. */
  public long reserveBytes() {
    return reserveBytes;
  }

  /** Bytes that were refused since the last call: what retention has to find room for. */
  public long takeWanted() {
    return wanted.getAndSet(0);
  }

  /**
   * Checks that so many bytes fit in front of the reserve.
   *
   * @throws StoreException FULL if not
   */
  void require(long bytes) throws IOException {
    long free = freeBytes();
    if (bytes > free - reserveBytes) {
      // A claim is only words: retention makes room for the next chunk, and for no more.
      wanted.accumulateAndGet(Math.min(bytes, MOST_WANTED), Math::max);
      throw new StoreException(
          StoreException.Kind.FULL,
          "the master's disk has "
              + free
              + " bytes free, of which "
              + reserveBytes
              + " are kept: no room for "
              + bytes
              + " more");
    }
  }
}
