package io.github.raspberryspy.sink.store;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock per camera, under which its files get and lose their final names: sealing, saving and
 * deleting exclude one another. Taken after an upload's lock, never before. Who holds one may wait
 * for a disk or a bucket that hangs; who wants it waits for a while, so that one camera's trouble
 * does not take all threads. Thread-safe.
 */
final class CameraLocks {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();
  private final Duration patience;

  CameraLocks() {
    this(PATIENCE);
  }

  CameraLocks(Duration patience) {
    this.patience = patience;
  }

  /**
   * Takes a camera's lock; the caller unlocks it.
   *
   * @throws StoreException BUSY if somebody keeps it for too long
   */
  ReentrantLock take(String camera) {
    ReentrantLock lock = locks.computeIfAbsent(camera, name -> new ReentrantLock());
    try {
      if (lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        return lock;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(StoreException.Kind.BUSY, "interrupted while waiting", e);
    }
    throw new StoreException(
        StoreException.Kind.BUSY,
        "the master is still at work on other footage of camera " + camera + "; ask again");
  }
}
