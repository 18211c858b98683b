package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.SegmentId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock per segment, under which its files get and lose their final names: sealing, saving and
 * deleting exclude one another. Segments whose files could be called the same share one. Taken
 * after an upload's lock, never before. Who holds one may wait for a disk or a bucket that hangs,
 * which holds up nothing else; who wants it waits for a while. Thread-safe.
 */
final class SegmentLocks {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Those that somebody holds or wants, by what their segments' names have in common. */
  private final Map<String, Shared> locks = new ConcurrentHashMap<>();

  private final Duration patience;

  SegmentLocks() {
    this(PATIENCE);
  }

  SegmentLocks(Duration patience) {
    this.patience = patience;
  }

  private static final class Shared {
    final ReentrantLock lock = new ReentrantLock();

    /** How many hold or want it: changed within the map's steps. */
    int users;
  }

  /** A lock that is held. */
  final class Held {
    private final String name;
    private final ReentrantLock lock;

    private Held(String name, ReentrantLock lock) {
      this.name = name;
      this.lock = lock;
    }

    /** Gives it back; by the thread that took it. */
    void release() {
      lock.unlock();
      leave(name);
    }
  }

  /**
   * Takes a segment's lock; the caller releases it.
   *
   * @throws StoreException BUSY if somebody keeps it for too long
   */
  Held take(SegmentId id) {
    String name = id.camera() + "/" + id.runAndSequence();
    ReentrantLock lock = locks.compute(name, (key, known) -> entered(known)).lock;
    boolean isTaken = false;
    try {
      isTaken = lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(StoreException.Kind.BUSY, "interrupted while waiting", e);
    } finally {
      if (!isTaken) {
        leave(name);
      }
    }
    if (isTaken) {
      return new Held(name, lock);
    }
    throw new StoreException(
        StoreException.Kind.BUSY, "the master is still at work on segment " + id + "; ask again");
  }

  private static Shared entered(Shared known) {
    Shared shared = known == null ? new Shared() : known;
    shared.users++;
    return shared;
  }

  private void leave(String name) {
    locks.computeIfPresent(name, (key, shared) -> --shared.users == 0 ? null : shared);
  }

  /** How many are held or wanted. */
  int count() {
    return locks.size();
  }
}
