package io.github.raspberryspy.sink.http;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Buffers for chunks that are checked before they count: at most {@link #MOST} at a time, so that
 * many uploads together cannot fill the memory, and {@link #MOST_OF_CAMERA} of one camera, whose
 * chunks may come as slowly as it likes. Thread-safe.
 */
final class Chunks {

  private static final int MOST = 16;

  /** A camera sends three segments at once, and the one that still grows. */
  private static final int MOST_OF_CAMERA = 4;

  private static final long HANGS_SECONDS = 1;
  private static final long WAIT_SECONDS = 10;

  private final int bytes;
  private final Semaphore all = new Semaphore(MOST, true);
  private final Map<String, Semaphore> each = new ConcurrentHashMap<>(); // by paired camera
  private final Map<String, Runnable> coming = new ConcurrentHashMap<>(); // by upload: ends it
  private final Queue<ByteBuffer> idle = new ConcurrentLinkedQueue<>();

  Chunks(int bytes) {
    this.bytes = bytes;
  }

  /**
   * An empty buffer on the heap for a camera; waits for one where all are in use. Where all of the
   * camera's are for a second, its chunk of the same upload that still comes is ended: it has a
   * newer one, and may not know that the older one hangs.
   *
   * @param end ends the chunk that is to come, from another thread
   */
  ByteBuffer take(String camera, String upload, Runnable end) {
    Semaphore mine = each.computeIfAbsent(camera, c -> new Semaphore(MOST_OF_CAMERA, true));
    if (!isFree(mine, HANGS_SECONDS)) {
      Optional.ofNullable(coming.get(upload)).ifPresent(Runnable::run);
      acquire(mine);
    }
    try {
      acquire(all);
    } catch (Problem e) {
      mine.release();
      throw e;
    }
    coming.put(upload, end);
    ByteBuffer buffer = idle.poll();
    return buffer == null ? ByteBuffer.allocate(bytes) : buffer.clear();
  }

  private static void acquire(Semaphore permits) {
    if (!isFree(permits, WAIT_SECONDS)) {
      throw new Problem(503, "too many uploads at once; try again");
    }
  }

  private static boolean isFree(Semaphore permits, long seconds) {
    try {
      return permits.tryAcquire(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem(503, "the master is stopping");
    }
  }

  /** The chunk is here: there is nothing to end. */
  void came(String upload, Runnable end) {
    coming.remove(upload, end);
  }

  /** Gives back what this camera took. */
  void giveBack(String camera, String upload, Runnable end, ByteBuffer buffer) {
    came(upload, end);
    idle.add(buffer);
    all.release();
    each.get(camera).release();
  }
}
