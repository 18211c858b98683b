package io.github.raspberryspy.sink.http;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Buffers for chunks that are checked before they count: at most {@link #MOST} at a time, so that
 * many uploads together cannot fill the memory. Thread-safe.
 */
final class Chunks {

  private static final int MOST = 16;
  private static final long WAIT_SECONDS = 10;

  private final int bytes;
  private final Semaphore permits = new Semaphore(MOST, true);
  private final Queue<ByteBuffer> idle = new ConcurrentLinkedQueue<>();

  Chunks(int bytes) {
    this.bytes = bytes;
  }

  /** An empty buffer on the heap; waits for one where all are in use. */
  ByteBuffer take() {
    try {
      if (!permits.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw new Problem(503, "too many uploads at once; try again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem(503, "the master is stopping");
    }
    ByteBuffer buffer = idle.poll();
    return buffer == null ? ByteBuffer.allocate(bytes) : buffer.clear();
  }

  void giveBack(ByteBuffer buffer) {
    idle.add(buffer);
    permits.release();
  }
}
