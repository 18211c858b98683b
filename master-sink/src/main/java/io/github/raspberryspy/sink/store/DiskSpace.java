package io.github.raspberryspy.sink.store;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Room on the footage folder's disk, the reserve that uploads may not touch, and a cushion in front
 * of it: so that retention makes room before anybody is refused. Thread-safe.
 */
public final class DiskSpace {

  /** The most that one refusal makes retention delete footage for: a chunk. */
  private static final long MOST_WANTED = 1 << 20;

  /** The cushion: some seconds of many cameras, and of a small disk a small part. */
  private static final long CUSHION = 64 << 20;

  private static final long PART_OF_DISK = 64;
  private static final long TELL_NANOS = 1_000_000_000;

  private final FileStore store;
  private final long reserveBytes;
  private final boolean holdsFootage;
  private final AtomicLong wanted = new AtomicLong();
  private final AtomicLong told = new AtomicLong(System.nanoTime() - TELL_NANOS);
  private volatile long owed;
  private volatile Runnable makeRoom = () -> {};

  /** Opens; the reserve is what must stay free. */
  public DiskSpace(Path folder, long reserveBytes) throws IOException {
    this(folder, reserveBytes, true);
  }

  /**
   * Likewise.
   *
   * @param holdsFootage whether sealed footage lies on this disk, so that deleting it makes room
   */
  public DiskSpace(Path folder, long reserveBytes, boolean holdsFootage) throws IOException {
    this.store = Files.getFileStore(folder);
    this.reserveBytes = reserveBytes;
    this.holdsFootage = holdsFootage;
  }

  /** Whether sealed footage lies on this disk. */
  public boolean holdsFootage() {
    return holdsFootage;
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

  /**
   * Bytes of footage that may still come before retention has to make room; negative where it has
   * to now.
   */
  public long roomBytes() throws IOException {
    return holdsFootage ? freeBytes() - keptBytes() - cushionBytes() : Long.MAX_VALUE;
  }

  /**
   * Bytes of footage that have to go for so many to fit in front of the reserve; 0 or less: none.
   */
  public long missingBytes(long wantedBytes) throws IOException {
    return holdsFootage ? keptBytes() + wantedBytes - freeBytes() : 0;
  }

  /** What to call, from any thread, where room gets short; it must not block. */
  public void whenShort(Runnable action) {
    makeRoom = action;
  }

  /** Bytes that retention is to find room for: the cushion, or more if that was refused. */
  public long takeWanted() throws IOException {
    return Math.max(wanted.getAndSet(0), cushionBytes());
  }

  /** So many bytes are to stay free beside the reserve, for a file of the master's own. */
  void owe(long bytes) {
    owed = bytes;
  }

  private long keptBytes() {
    return reserveBytes + owed;
  }

  private long cushionBytes() throws IOException {
    return Math.min(CUSHION, totalBytes() / PART_OF_DISK);
  }

  /** Whether so many bytes fit in front of the reserve; retention makes no room for them. */
  boolean has(long bytes) throws IOException {
    return bytes <= freeBytes() - keptBytes();
  }

  /**
   * Checks that so many bytes fit in front of the reserve.
   *
   * @throws StoreException FULL if not
   */
  void require(long bytes) throws IOException {
    long free = freeBytes();
    long kept = keptBytes();
    long left = free - kept - bytes;
    if (left < cushionBytes() / 2) {
      tell(left < 0);
    }
    if (left < 0) {
      // A claim is only words: retention makes room for the next chunk, and for no more.
      wanted.accumulateAndGet(Math.min(bytes, MOST_WANTED), Math::max);
      throw new StoreException(
          StoreException.Kind.FULL,
          "the master's disk has "
              + free
              + " bytes free, of which "
              + kept
              + " are kept: no room for "
              + bytes
              + " more");
    }
  }

  /** A refusal is told at once; what only nears it, once a second. */
  private void tell(boolean isRefused) {
    long now = System.nanoTime();
    long last = told.get();
    if (isRefused || (now - last >= TELL_NANOS && told.compareAndSet(last, now))) {
      makeRoom.run();
    }
  }
}
