package io.github.raspberryspy.upload;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The way to the master, which all uploads of a camera share: the tail's and the backlog's, of the
 * disk and of memory. What is filmed now goes first: while the tail has something to send, the
 * backlog begins no request. Requests are so small that one takes no longer than a second, which is
 * all that the tail waits for one under way, and all that a link which breaks costs; and where the
 * link is quick so large that it is not spent on waiting for answers. The backlog's segments send
 * their bytes one after the other, in the order in which they came; once all of one have left, the
 * next one begins, while the answer is still on its way. Of a limited bandwidth no more is used
 * than the limit: a request is half a second of it, and waits until the ones before it are paid
 * for. Thread-safe.
 */
public final class SharedLink {

  private static final int LEAST_CHUNK = 16 << 10;
  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long SHORT_NANOS = LONG_NANOS / 4;

  /** So many requests of the backlog are under way at once: one leaves, one is being answered. */
  private static final int MOST_UNDER_WAY = 2;

  /** One thread's view of it. */
  final class Lane {
    private final boolean isTail;

    @GuardedBy("lock")
    private boolean claims;

    @GuardedBy("lock")
    private boolean closed;

    Lane(boolean isTail) {
      this.isTail = isTail;
    }

    /** Bytes of the next request, at the most. */
    long requestBytes() {
      return request();
    }

    /**
     * Waits until so many bytes may be sent.
     *
     * @throws UploadException of kind CANCELLED, once this is closed
     */
    void awaitTurn(long bytes) throws UploadException {
      lock.lock();
      try {
        while (!closed && !isTail && tailsAtWork > 0) {
          changed.await();
        }
        payFor(bytes);
      } catch (InterruptedException e) {
        throw interrupted(e);
      } finally {
        lock.unlock();
      }
    }

    /**
     * Waits until so many bytes of a segment may be sent; {@link #answered} is to follow. On a
     * backlog's lane it then is at the front of all until it {@link #leave}s.
     *
     * @throws UploadException of kind CANCELLED, once this is closed
     */
    void awaitTurn(TusUpload segment, long bytes) throws UploadException {
      lock.lock();
      try {
        if (!isTail && !line.contains(segment)) {
          line.addLast(segment);
        }
        while (!closed && !isTail && !isFree(segment)) {
          changed.await();
        }
        payFor(bytes);
        underWay += isTail ? 0 : 1;
      } catch (InterruptedException e) {
        throw interrupted(e);
      } finally {
        lock.unlock();
      }
    }

    @GuardedBy("lock")
    private void payFor(long bytes) throws InterruptedException, UploadException {
      long now = System.nanoTime();
      long until = now + limit.reserve(bytes, now);
      for (long left = until - now; !closed && left > 0; left = until - System.nanoTime()) {
        changed.awaitNanos(left);
      }
      if (closed) {
        throw new UploadException(Kind.CANCELLED, "the uploader is closed");
      }
    }

    private UploadException interrupted(InterruptedException e) {
      Thread.currentThread().interrupt();
      return new UploadException(Kind.CANCELLED, "the thread was interrupted", e);
    }

    /** The request of that turn is over. */
    void answered() {
      lock.lock();
      try {
        underWay -= isTail ? 0 : 1;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    /** All bytes of this segment have left, or no more will: the next one may send. */
    void leave(TusUpload segment) {
      lock.lock();
      try {
        line.remove(segment);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    /** So much was sent and taken within so long. */
    void sent(long bytes, long nanos) {
      adapt(bytes, nanos);
    }

    /** A request was in vain. */
    void failed() {
      shrink();
    }

    /** From now on each backlog waits, or does no longer. No effect on a backlog's own lane. */
    void claim(boolean hasSomethingToSend) {
      lock.lock();
      try {
        boolean now = isTail && hasSomethingToSend && !closed;
        if (now != claims) {
          claims = now;
          tailsAtWork += now ? 1 : -1;
          changed.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }

    /** Ends its waits, now and later, and its claim. */
    void close() {
      lock.lock();
      try {
        closed = true;
        claim(false);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private final RateLimit limit;
  private final long chunkBytes;
  private final long mostBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private int tailsAtWork;

  @GuardedBy("lock")
  private final Deque<TusUpload> line = new ArrayDeque<>(); // whose bytes leave in this order

  @GuardedBy("lock")
  private int underWay;

  @GuardedBy("lock")
  private long request;

  /** A link that nobody uses yet, with the limits of its owner. */
  public SharedLink(UploaderConfig config) {
    this.limit = new RateLimit(config.limits().bytesPerSecond());
    this.mostBytes = Math.min(config.requestBytes(), limit.halfASecond());
    this.chunkBytes = Math.min(config.chunkBytes(), mostBytes);
    this.request = chunkBytes;
  }

  Lane lane(boolean isTail) {
    return new Lane(isTail);
  }

  @GuardedBy("lock")
  private boolean isFree(TusUpload segment) {
    return tailsAtWork == 0 && line.peekFirst() == segment && underWay < MOST_UNDER_WAY;
  }

  private long request() {
    lock.lock();
    try {
      return request;
    } finally {
      lock.unlock();
    }
  }

  private void adapt(long bytes, long nanos) {
    lock.lock();
    try {
      if (nanos > LONG_NANOS) {
        request = Math.min(chunkBytes, Math.max(LEAST_CHUNK, request / 2));
      } else if (nanos < SHORT_NANOS && bytes >= request) {
        request = Math.min(mostBytes, 2 * request);
      }
    } finally {
      lock.unlock();
    }
  }

  private void shrink() {
    lock.lock();
    try {
      request = Math.min(chunkBytes, Math.max(LEAST_CHUNK, request / 2));
    } finally {
      lock.unlock();
    }
  }
}
