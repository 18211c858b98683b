package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.DurableFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One partial upload. Whoever changes it holds its lock; its offset may be read by anybody. The
 * file's size is the offset, so a crash needs no bookkeeping. Of a segment that still grows, what
 * was appended is on disk before the answer, since the camera may be gone the next moment, and no
 * failure takes it away again; else the seal's fsync does, after it has read all of it again.
 *
 * <p>Of a master that has replicas, what grows is in their bucket before the answer; the file here
 * is a copy then, which is made anew where it is needed and not there.
 */
final class Partial {

  private static final int BUFFER_BYTES = 128 << 10;
  private static final long ATTEMPT_MILLIS = 50;

  private final Path folder;
  private final String token;
  private final Optional<UploadPieces> pieces;
  private final ReentrantLock lock = new ReentrantLock();

  /** Replaced under the lock when its length becomes known, read without it. */
  private volatile UploadInfo info;

  /** Bytes that are here: written under the lock, read without it by HEAD. */
  private volatile long offset;

  /** Where a body that is being read ends by now, counted or not; written as {@link #offset}. */
  private volatile long written;

  /** How many of them are known to be on disk; written and read by holders of the lock. */
  private long durable;

  /** How many of the first ones are in the bucket only; as {@link #durable}. */
  private long absent;

  /** How many of them were copied from what was salvaged; as {@link #durable}. */
  private long copied;

  /** Breaks off the request whose body is read into it; written under the lock, run without. */
  private volatile Runnable breakOff = Partial::nobody;

  /** When somebody was last at it, or asked for it to go on, {@link System#nanoTime()}. */
  private volatile long touched = System.nanoTime();

  /** Whether it was discarded: written by the lock's holder. */
  private volatile boolean gone;

  private final Looks looks = new Looks();

  /**
   * As far as it is there already.
   *
   * @param pieces where it is kept for all replicas; empty where this folder keeps it
   */
  Partial(Path folder, String token, UploadInfo info, Optional<UploadPieces> pieces)
      throws IOException {
    this.folder = folder;
    this.token = token;
    this.info = info;
    this.pieces = pieces;
    if (pieces.isPresent()) {
      follow(pieces.get());
    } else {
      offset = Files.exists(part()) ? Files.size(part()) : 0;
      durable = info.length().isPresent() ? Math.min(info.durable(), offset) : offset;
    }
  }

  /** Goes on from what is in the bucket: nothing that is here counts. */
  private void follow(UploadPieces there) {
    offset = there.end();
    durable = offset;
    absent = offset;
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

  /** Bytes that it takes up, those included that do not count yet; for anybody. */
  long heldBytes() {
    return Math.max(offset, written);
  }

  /** Writes down what it is, durably; by its lock's holder, before anybody else uses it. */
  void begin() throws IOException {
    if (pieces.isPresent()) {
      Files.deleteIfExists(part());
      info = pieces.get().begin(info);
      follow(pieces.get());
      return;
    }
    DurableFiles.write(note(), info.encode());
    offset = Files.exists(part()) ? Files.size(part()) : 0;
    durable = 0;
  }

  /** Finds what another replica has appended meanwhile. */
  void refresh() throws IOException {
    if (pieces.isPresent()) {
      pieces.get().look();
      if (pieces.get().end() > offset) {
        follow(pieces.get());
      }
    }
  }

  /**
   * Bytes that a camera was told are on disk, for the lock's holder: not to be lost any more. None
   * where all of them are a copy of what is kept as a segment.
   */
  long durable() {
    return durable > copied ? durable : 0;
  }

  /** Whether it was discarded, for the lock's holder. */
  boolean isGone() {
    return gone;
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

  /** Somebody asks for it: its rest begins anew. */
  void touch() {
    touched = System.nanoTime();
  }

  /** When somebody was last at it, {@link System#nanoTime()}. */
  long lastTouch() {
    return touched;
  }

  /** What came of looking at it while it rested. */
  Looks looks() {
    return looks;
  }

  /** Whether it was being discarded; then that is over. */
  boolean isLeaving() {
    if (!gone) {
      return false;
    }
    lock.lock();
    try {
      return true;
    } finally {
      lock.unlock();
    }
  }

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

  /** Begins an empty one with so many bytes that are elsewhere, durably: all of them, or none. */
  void copy(InputStream from, long bytes) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (FileChannel out = open()) {
      try {
        for (long left = bytes; left > 0; ) {
          int n = from.read(buffer, 0, (int) Math.min(buffer.length, left));
          if (n < 0) {
            throw new IOException("it was cut while it was copied");
          }
          DurableFiles.writeFully(out, ByteBuffer.wrap(buffer, 0, n));
          left -= n;
        }
        keep(out, bytes);
      } catch (IOException e) {
        cutBack(e);
        throw e;
      }
      offset = bytes;
      durable = bytes;
      copied = bytes;
    }
  }

  /** Cuts it, durably. */
  void cut(long bytes) throws IOException {
    fetch();
    if (pieces.isPresent() && bytes < pieces.get().end()) {
      pieces.get().cut(part(), bytes);
    }
    try (FileChannel out = open()) {
      out.truncate(bytes);
      offset = bytes;
      durable = Math.min(durable, bytes);
      out.force(true);
      durable = bytes;
    }
  }

  /** Makes the file what counts: without what an append left that failed, and with all else. */
  void trim() throws IOException {
    fetch();
    if (Files.size(part()) > offset) {
      open().close();
    }
  }

  private void fetch() throws IOException {
    if (absent > 0) {
      pieces.orElseThrow().fetch(part(), absent);
      absent = 0;
    }
  }

  /** Notes durably how long the whole is. */
  void declare(long length) throws IOException {
    UploadInfo known = info.withLength(length, durable);
    if (pieces.isPresent()) {
      pieces.get().note(known);
    } else {
      DurableFiles.write(note(), known.encode());
    }
    info = known;
  }

  /** Appends bytes that were checked already: all of them, or none. */
  void append(ByteBuffer bytes) throws IOException {
    withdrawSeal();
    try (FileChannel out = open()) {
      out.position(offset);
      try {
        DurableFiles.writeFully(out, bytes);
      } catch (IOException e) {
        cutBack(e);
        throw e;
      }
      count(out);
    }
  }

  /**
   * Appends what comes, up to the upload's length, and keeps it if the stream breaks, as it does
   * when a newer request takes over.
   *
   * @param cut makes the stream break, from another thread
   */
  void append(InputStream in, Runnable cut, Uploads.Room room) throws IOException {
    breakOff = cut;
    try {
      append(in, room);
    } finally {
      breakOff = Partial::nobody;
      written = 0;
    }
  }

  private void append(InputStream in, Uploads.Room room) throws IOException {
    withdrawSeal();
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
          room.require(
              n); // a body may come without a length: the reserve holds for each piece of it
          DurableFiles.writeFully(out, ByteBuffer.wrap(buffer, 0, n));
          written = out.position();
          if (length.isPresent()) {
            offset = out.position(); // else it counts once it is durable
          }
        }
      } finally {
        count(out);
      }
    }
  }

  /** A seal that failed was of fewer bytes: it is not to be finished any more. */
  private void withdrawSeal() throws IOException {
    if (Files.exists(intent()) && Files.exists(part())) {
      DurableFiles.delete(intent());
    }
  }

  /**
   * Counts what was appended; to a segment that still grows, once it is on disk.
   *
   * @throws StoreException of kind IO if the disk does not take it, CLOSING if the thread has to
   *     end: what came before it is as durable as it was
   */
  private void count(FileChannel out) throws IOException {
    try {
      long end = out.position();
      if (info.length().isEmpty()) {
        keep(out, end);
        durable = end;
      }
      offset = end;
    } catch (FootageAwayException e) {
      cutBack(e);
      throw e;
    } catch (IOException e) {
      cutBack(e);
      throw e instanceof ClosedChannelException
          ? new StoreException(StoreException.Kind.CLOSING, "the master is stopping", e)
          : new StoreException(
              StoreException.Kind.IO, "the master's disk did not take the bytes; send again", e);
    }
  }

  /**
   * Makes durable what comes after the offset.
   *
   * @throws StoreException of kind WRONG_OFFSET if another replica was faster
   */
  private void keep(FileChannel out, long end) throws IOException {
    if (pieces.isEmpty()) {
      out.force(false);
      if (offset == 0) {
        DurableFiles.syncDirectory(folder); // the file is new
      }
    } else if (!pieces.get().add(part(), end)) {
      long claimed = offset;
      follow(pieces.get());
      throw StoreException.wrongOffset(claimed, offset);
    }
  }

  /**
   * Takes away what was written and does not count. If the disk does not do that either, {@link
   * #open} does it before the next bytes.
   */
  private void cutBack(IOException why) {
    boolean interrupted = Thread.interrupted(); // it would close the file
    try (FileChannel out = open()) {
      out.force(true);
    } catch (IOException e) {
      why.addSuppressed(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
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
    if (pieces.isPresent()) {
      pieces.get().discard();
    }
  }

  /** For writing, and without what does not count. */
  private FileChannel open() throws IOException {
    FileChannel out = FileChannel.open(part(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (out.size() > offset) {
        out.truncate(offset);
      }
      return out;
    } catch (IOException e) {
      try (out) {
        throw e;
      }
    }
  }
}
