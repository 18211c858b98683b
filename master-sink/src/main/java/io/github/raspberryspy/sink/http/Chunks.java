package io.github.raspberryspy.sink.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Buffers for chunks that are checked before they count: at most {@link #MOST} at a time, so that
 * many uploads together cannot fill the memory, and {@link #MOST_OF_CAMERA} of one camera, whose
 * chunks may come as slowly as it likes. Thread-safe.
 *
 * <p>Of those who wait, the camera that holds fewest comes first. Who has waited for {@link
 * #HANGS_NANOS} has a chunk ended that is still coming: where all of its own are in use, the one of
 * the same upload, of which it has a newer one, and may not know that the older one hangs; where it
 * holds none at all, the slowest of the camera that holds most. So whatever others do, each camera
 * gets on. Where each holds one, only a chunk ends that has been coming for {@link #SLOW_NANOS}: so
 * that many slow cameras do not end each other's.
 */
final class Chunks {

  private static final int MOST = 16;

  /** A camera sends three segments at once, and the one that still grows. */
  private static final int MOST_OF_CAMERA = 4;

  private static final long HANGS_NANOS = 1_000_000_000L;
  private static final long SLOW_NANOS = 30 * HANGS_NANOS;
  private static final long WAIT_NANOS = 10 * HANGS_NANOS;

  private final int bytes;

  @GuardedBy("this")
  private final List<Chunk> taken = new ArrayList<>();

  /** Who waits, in the order in which they came. */
  @GuardedBy("this")
  private final List<Wish> wishes = new ArrayList<>();

  @GuardedBy("this")
  private final Deque<ByteBuffer> idle = new ArrayDeque<>();

  Chunks(int bytes) {
    this.bytes = bytes;
  }

  /** Somebody who wants a buffer, or has one. */
  private static final class Wish {
    private final String camera;
    private final String upload;
    private final long since = System.nanoTime();

    private Wish(String camera, String upload) {
      this.camera = camera;
      this.upload = upload;
    }

    private long age() {
      return System.nanoTime() - since;
    }
  }

  /** A buffer that is a camera's until it is closed. */
  final class Chunk implements AutoCloseable {
    private final Wish wish;
    private final Runnable end;
    private final ByteBuffer buffer;
    private final long since = System.nanoTime();

    // written by the thread that reads it, read by those who wait
    private volatile boolean isComing = true;
    private volatile int came;

    private Chunk(Wish wish, Runnable end, ByteBuffer buffer) {
      this.wish = wish;
      this.end = end;
      this.buffer = buffer;
    }

    /** Where it comes to, on the heap. */
    ByteBuffer buffer() {
      return buffer;
    }

    /** More of it is in the buffer. */
    void comes() {
      came = buffer.position();
    }

    /** All of it is: there is nothing to end. */
    void isHere() {
      isComing = false;
    }

    private long age() {
      return System.nanoTime() - since;
    }

    private double speed() {
      return came / (double) age();
    }

    @Override
    public void close() {
      synchronized (Chunks.this) {
        taken.remove(this);
        idle.add(buffer);
        Chunks.this.notifyAll();
      }
    }
  }

  /**
   * An empty buffer for a camera; waits for one where all are in use.
   *
   * @param end ends the chunk that is to come, from another thread
   * @throws Problem 503 if there is none in time
   */
  Chunk take(String camera, String upload, Runnable end) {
    Wish wish = new Wish(camera, upload);
    synchronized (this) {
      wishes.add(wish);
    }
    try {
      Optional<Chunk> chunk = await(wish, end, HANGS_NANOS);
      if (chunk.isEmpty()) {
        endOneFor(wish);
        chunk = await(wish, end, WAIT_NANOS);
      }
      return chunk.orElseThrow(() -> new Problem(503, "too many uploads at once; try again"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem(503, "the master is stopping");
    } finally {
      synchronized (this) {
        wishes.remove(wish);
        notifyAll(); // whoever comes next may have waited for this one alone
      }
    }
  }

  private synchronized Optional<Chunk> await(Wish wish, Runnable end, long nanos)
      throws InterruptedException {
    while (!isNext(wish)) {
      long left = nanos - wish.age();
      if (left <= 0) {
        return Optional.empty();
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    ByteBuffer buffer = idle.isEmpty() ? ByteBuffer.allocate(bytes) : idle.pop().clear();
    Chunk chunk = new Chunk(wish, end, buffer);
    taken.add(chunk);
    wishes.remove(wish);
    return Optional.of(chunk);
  }

  @GuardedBy("this")
  private boolean isNext(Wish wish) {
    Map<String, Long> held = held();
    Optional<Wish> next =
        wishes.stream()
            .filter(w -> of(held, w) < MOST_OF_CAMERA)
            .min(Comparator.comparingLong(w -> of(held, w)));
    return taken.size() < MOST && next.equals(Optional.of(wish));
  }

  /** How many buffers each camera has. */
  @GuardedBy("this")
  private Map<String, Long> held() {
    return taken.stream().collect(Collectors.groupingBy(c -> c.wish.camera, Collectors.counting()));
  }

  private static long of(Map<String, Long> held, Wish wish) {
    return held.getOrDefault(wish.camera, 0L);
  }

  private void endOneFor(Wish wish) {
    Optional<Chunk> one;
    synchronized (this) {
      one = hanging(wish);
      one.ifPresent(chunk -> chunk.isComing = false);
    }
    one.ifPresent(chunk -> chunk.end.run());
  }

  @GuardedBy("this")
  private Optional<Chunk> hanging(Wish wish) {
    Map<String, Long> held = held();
    long own = of(held, wish);
    Stream<Chunk> coming = taken.stream().filter(c -> c.isComing);
    if (own > 0) {
      return coming
          .filter(c -> own == MOST_OF_CAMERA && c.wish.upload.equals(wish.upload))
          .findFirst();
    }
    long most = held.values().stream().mapToLong(Long::longValue).max().orElse(0);
    long slow = most > 1 ? HANGS_NANOS : SLOW_NANOS;
    return coming
        .filter(c -> of(held, c.wish) == most && c.age() >= slow)
        .min(Comparator.comparingDouble(Chunk::speed));
  }
}
