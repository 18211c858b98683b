package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.DurableFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One partial upload. Whoever changes it holds its lock; its offset may be read by anybody. The
 * file's size is the offset, so a crash needs no bookkeeping. Appended bytes are not fsynced: the
 * seal does that, after it has read them again.
 */
final class Partial {

  private static final int BUFFER_BYTES = 256 << 10;

  private final Path folder;
  private final String token;
  private final UploadInfo info;
  private final ReentrantLock lock = new ReentrantLock();

  /** Bytes that are here: written under the lock, read without it by HEAD. */
  private volatile long offset;

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
   * Takes the lock, waiting so long for it.
   *
   * @throws StoreException BUSY if somebody else keeps it, NOT_FOUND if the upload is gone
   */
  void lock(long millis) {
    try {
      if (!lock.tryLock(millis, TimeUnit.MILLISECONDS)) {
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

  void unlock() {
    lock.unlock();
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
      offset = out.position();
    }
  }

  /** Appends what comes, up to the upload's length, and keeps it if the stream breaks. */
  void append(InputStream in, DiskSpace space) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (FileChannel out = open()) {
      out.position(offset);
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (n > info.length() - offset) {
          throw new StoreException(
              StoreException.Kind.TOO_LARGE,
              "the body goes on beyond the upload's length of " + info.length() + " bytes");
        }
        space.require(
            n); // a body may come without a length: the reserve holds for each piece of it
        DurableFiles.writeFully(out, ByteBuffer.wrap(buffer, 0, n));
        offset = out.position();
      }
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
