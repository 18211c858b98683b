package io.github.raspberryspy.sink.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock per camera, under which its files get and lose their final names: sealing, saving and
 * deleting exclude one another. Taken after an upload's lock, never before. Thread-safe.
 */
final class CameraLocks {

  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

  /** Takes a camera's lock; the caller unlocks it. */
  ReentrantLock take(String camera) {
    ReentrantLock lock = locks.computeIfAbsent(camera, name -> new ReentrantLock());
    lock.lock();
    return lock;
  }
}
