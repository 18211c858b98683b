package io.github.raspberryspy.upload;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The way to the master, which the threads {@code upload-tail} and {@code upload} share. What is
 * filmed now goes first: while the tail has something to send, the backlog begins no chunk. Chunks
 * are so small that one takes no longer than a second, which is all that the tail waits for one
 * under way, and all that a link which breaks costs. Of a limited bandwidth no more is used than
 * the limit: a chunk is half a second of it, and waits until the ones before it are paid for.
 * Thread-safe.
 */
final class SharedLink {

  private static final int LEAST_CHUNK = 16 << 10;
  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long SHORT_NANOS = LONG_NANOS * 2 / 5;

  /** One of the two threads' view of it. Its buffer is for that thread. */
  final class Lane {
    private final boolean isTail;
    private byte[] buffer = new byte[0];

    Lane(boolean isTail) {
      this.isTail = isTail;
    }

    /** Room for the next chunk, where so many bytes are left. */
    byte[] buffer(long left) {
      int wanted = (int) Math.min(chunkBytes(), Math.max(1, left));
      if (buffer.length != wanted) {
        buffer = new byte[wanted];
      }
      return buffer;
    }

    /**
     * Waits until so many bytes may be sent.
     *
     * @throws UploadException of kind CANCELLED, once the link is closed
     */
    void awaitTurn(int bytes) throws UploadException {
      await(isTail, bytes);
    }

    /** A chunk was sent and answered within so long. */
    void sent(int bytes, long nanos) {
      adapt(bytes, nanos);
    }

    /** A chunk was sent in vain. */
    void failed() {
      adapt(0, Long.MAX_VALUE);
    }

    /** From now on the backlog waits, or does no longer. No effect on the backlog's own lane. */
    void claim(boolean hasSomethingToSend) {
      if (isTail) {
        setTailBusy(hasSomethingToSend);
      }
    }
  }

  private final RateLimit limit;
  private final int mostChunk;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private boolean tailBusy;

  @GuardedBy("lock")
  private boolean closed;

  @GuardedBy("lock")
  private int chunk;

  SharedLink(UploaderConfig config) {
    this.limit = new RateLimit(config.limits().bytesPerSecond());
    this.mostChunk = (int) Math.min(config.chunkBytes(), limit.halfASecond());
    this.chunk = mostChunk;
  }

  Lane lane(boolean isTail) {
    return new Lane(isTail);
  }

  /** Ends every wait, now and later. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void setTailBusy(boolean busy) {
    lock.lock();
    try {
      tailBusy = busy;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private int chunkBytes() {
    lock.lock();
    try {
      return chunk;
    } finally {
      lock.unlock();
    }
  }

  private void await(boolean isTail, int bytes) throws UploadException {
    lock.lock();
    try {
      while (!closed && !isTail && tailBusy) {
        changed.await();
      }
      long now = System.nanoTime();
      long until = now + limit.reserve(bytes, now);
      for (long left = until - now; !closed && left > 0; left = until - System.nanoTime()) {
        changed.awaitNanos(left);
      }
      if (closed) {
        throw new UploadException(Kind.CANCELLED, "the uploader is closed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UploadException(Kind.CANCELLED, "the thread was interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  private void adapt(int bytes, long nanos) {
    lock.lock();
    try {
      if (nanos > LONG_NANOS) {
        chunk = Math.min(mostChunk, Math.max(LEAST_CHUNK, chunk / 2));
      } else if (nanos < SHORT_NANOS && bytes >= chunk) {
        chunk = (int) Math.min(mostChunk, 2L * chunk);
      }
    } finally {
      lock.unlock();
    }
  }
}
