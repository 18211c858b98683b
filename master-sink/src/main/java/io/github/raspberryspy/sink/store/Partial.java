package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.DurableFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One partial upload. Whoever changes it holds its lock; its offset may be read by anybody. The
 * file's size is the offset, so a crash needs no bookkeeping. Of a segment that still grows, what
 * was appended is on disk before the answer, since the camera may be gone the next moment; else the
 * seal's fsync does, after it has read all of it again.
 */
final class Partial {

  private static final int BUFFER_BYTES = 128 << 10;
  private static final long ATTEMPT_MILLIS = 50;

  private final Path folder;
  private final String token;
  private final ReentrantLock lock = new ReentrantLock();

  /** Replaced under the lock when its length becomes known, read without it. */
  private volatile UploadInfo info;

  /** Bytes that are here: written under the lock, read without it by HEAD. */
  private volatile long offset;

  /** Breaks off the request whose body is read into it; written under the lock, run without. */
  private volatile Runnable breakOff = Partial::nobody;

  /** When it was last appended to, or found, {@link System#nanoTime()}. */
  private volatile long touched = System.nanoTime();

  /** Whether it was discarded: written and read by holders of the lock. */
  private volatile boolean gone;

  Partial(Path folder, String token, UploadInfo info) throws IOException {
    this.folder = folder;
    this.token = token;
    this.info = info;
    this.offset = Files.exists(part()) ? Files.size(part()) : 0;
  }

  String token() {
    return token;
  }

  UploadInfo info() {
    return info;
  }

  Path part() {
    return folder.resolve(token + ".part");
  }

  Path note() {
    return folder.resolve(token + ".info");
  }

  Path intent() {
    return folder.resolve(token + ".seal");
  }

  UploadStatus status() {
    return new UploadStatus(token, offset, info.length());
  }

  /**
   * Takes the lock, waiting so long for it. A request that still reads its body into the upload is
   * ended: whoever sends it has a newer one, and may not know that the older one hangs.
   *
   * @throws StoreException BUSY if somebody else keeps it, NOT_FOUND if the upload is gone
   */
  void lock(long millis) {
    try {
      if (!takeOver(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis))) {
        throw new StoreException(
            StoreException.Kind.BUSY, "another request is at work on this upload");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(StoreException.Kind.BUSY, "interrupted while waiting", e);
    }
    if (gone) {
      lock.unlock();
      throw new StoreException(StoreException.Kind.NOT_FOUND, "there is no such upload");
    }
  }

  private boolean takeOver(long deadline) throws InterruptedException {
    do {
      breakOff.run();
      if (lock.tryLock(ATTEMPT_MILLIS, TimeUnit.MILLISECONDS)) {
        return true;
      }
    } while (System.nanoTime() - deadline < 0);
    return false;
  }

  private static void nobody() {}

  void unlock() {
    touched = System.nanoTime();
    lock.unlock();
  }

  /** Takes the lock if nobody keeps it, and nobody did within so many nanoseconds. */
  boolean lockIdle(long nanos) {
    if (System.nanoTime() - touched < nanos || !lock.tryLock()) {
      return false;
    }
    if (gone || System.nanoTime() - touched < nanos) {
      lock.unlock();
      return false;
    }
    return true;
  }

  /** Gives the lock back as if it had not been taken. */
  void unlockIdle() {
    lock.unlock();
  }

  /** Begins an empty one with what is in another file, durably: all of it, or nothing. */
  void copy(Path from) throws IOException {
    try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
        FileChannel out = open()) {
      long size = in.size();
      try {
        for (long at = 0; at < size; ) {
          at += in.transferTo(at, size - at, out);
        }
        out.force(false);
        DurableFiles.syncDirectory(folder);
      } catch (IOException e) {
        out.truncate(0);
        throw e;
      }
      offset = size;
    }
  }

  /** Cuts it, durably. */
  void cut(long bytes) throws IOException {
    try (FileChannel out = open()) {
      out.truncate(bytes);
      out.force(true);
    }
    offset = bytes;
  }

  /** Notes durably how long the whole is. */
  void declare(long length) throws IOException {
    UploadInfo known = info.withLength(length);
    DurableFiles.write(note(), known.encode());
    info = known;
  }

  /** Appends bytes that were checked already: all of them, or none. */
  void append(ByteBuffer bytes) throws IOException {
    long from = offset;
    try (FileChannel out = open()) {
      out.position(from);
      try {
        DurableFiles.writeFully(out, bytes);
      } catch (IOException e) {
        out.truncate(from);
        throw e;
      }
      persist(out);
      offset = out.position();
    }
  }

  /**
   * Appends what comes, up to the upload's length, and keeps it if the stream breaks, as it does
   * when a newer request takes over.
   *
   * @param cut makes the stream break, from another thread
   */
  void append(InputStream in, Runnable cut, DiskSpace space) throws IOException {
    breakOff = cut;
    try {
      append(in, space);
    } finally {
      breakOff = Partial::nobody;
    }
  }

  private void append(InputStream in, DiskSpace space) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    OptionalLong length = info.length();
    long most = length.orElse(SegmentStore.MAX_BYTES);
    try (FileChannel out = open()) {
      out.position(offset);
      try {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          if (n > most - out.position()) {
            throw new StoreException(
                StoreException.Kind.TOO_LARGE,
                "the body goes on beyond the upload's length of " + most + " bytes");
          }
          space.require(
              n); // a body may come without a length: the reserve holds for each piece of it
          DurableFiles.writeFully(out, ByteBuffer.wrap(buffer, 0, n));
          if (length.isPresent()) {
            offset = out.position(); // else it counts once it is durable
          }
        }
      } finally {
        persist(out);
        offset = out.position();
      }
    }
  }

  /**
   * Makes what was appended to a segment that still grows durable.
   *
   * @throws StoreException of kind IO if the disk does not: the bytes may be gone, so the whole
   *     upload goes, to be sent again
   */
  private void persist(FileChannel out) throws IOException {
    if (info.length().isPresent()) {
      return;
    }
    try {
      out.force(false);
      if (offset == 0) {
        DurableFiles.syncDirectory(folder); // the file is new
      }
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Kind.IO, "the master's disk did not take the bytes; send them again", e);
    }
  }

  /** Deletes whatever is left of it. The intent goes first: without it nobody resumes the seal. */
  void discard() throws IOException {
    gone = true;
    Files.deleteIfExists(intent());
    Files.deleteIfExists(part());
    Files.deleteIfExists(note());
    DurableFiles.syncDirectory(folder);
  }

  private FileChannel open() throws IOException {
    return FileChannel.open(part(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }
}
