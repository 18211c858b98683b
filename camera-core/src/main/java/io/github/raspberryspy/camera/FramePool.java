package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.internal.Natives;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory of one run of a source: a fixed number of {@link FrameSlot}s that go round. A new run
 * has a new pool, so a handle of an old run can never reach memory of a new one.
 *
 * <p>Thread-safe.
 */
public final class FramePool implements AutoCloseable {

  /**
   * Slots that a pipeline needs: 2 with the driver, 1 being published, 8 in the encoder's queue, 1
   * in the codec, 2 with motion, 1 for a snapshot.
   */
  public static final int DEFAULT_SLOTS = 15;

  private static final Logger log = LoggerFactory.getLogger(FramePool.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final Object lock = new Object();
  private final List<FrameSlot> all;
  private final ArrayDeque<FrameSlot> free;
  private final boolean reuseMemory;
  private final Lender lender;
  private final Duration closeTimeout;
  private boolean closed;
  private boolean abandoned;

  /** Whoever owns the memory of a pool: a driver. Called on any thread, with no lock held. */
  public interface Lender {

    /**
     * The last handle of a frame is closed: the memory may be filled again.
     *
     * @param slot number of the slot, in the order in which the memory was given
     */
    void requeue(int slot);

    /**
     * The slot's memory as descriptors (dmabufs) that other devices can be given, one for each
     * buffer of a picture; none where that cannot be. The lender's own: valid while a handle to the
     * frame is open.
     */
    default int[] dmabufs(int slot) {
      return new int[0];
    }

    /** The pool is closed, and nobody reads this memory any more: it may go. Once for each slot. */
    void release(int slot);
  }

  private static final Lender NOBODY =
      new Lender() {
        @Override
        public void requeue(int slot) {}

        @Override
        public void release(int slot) {}
      };

  private FramePool(int slots, boolean reuseMemory, Lender lender, Duration closeTimeout) {
    if (slots < 1) {
      throw new IllegalArgumentException("a pool of " + slots + " slots; at least 1 is needed");
    }
    this.reuseMemory = reuseMemory;
    this.lender = lender;
    this.closeTimeout = closeTimeout;
    this.all = new ArrayList<>(slots);
    this.free = new ArrayDeque<>(slots);
  }

  /** A pool whose slots own memory for pictures of this size; a source fills it again and again. */
  public static FramePool allocate(PixelFormat format, int width, int height, int slots) {
    return allocate(format, width, height, slots, CLOSE_TIMEOUT);
  }

  static FramePool allocate(
      PixelFormat format, int width, int height, int slots, Duration closeTimeout) {
    Natives.load();
    FramePool pool = new FramePool(slots, true, NOBODY, closeTimeout);
    String what = slots + " frames of " + width + "x" + height + " " + format;
    for (int i = 0; i < slots; i++) {
      AVFrame frame = pool.allocated(what);
      frame.format(format.avFormat()).width(width).height(height);
      if (avutil.av_frame_get_buffer(frame, 0) < 0) {
        throw pool.noMemoryFor(what);
      }
    }
    return pool;
  }

  /**
   * A pool whose slots are empty: a decoder moves each picture into one ({@code
   * av_frame_move_ref}), and the last close gives the picture's memory back to the decoder.
   */
  public static FramePool forDecoder(int slots) {
    Natives.load();
    FramePool pool = new FramePool(slots, false, NOBODY, CLOSE_TIMEOUT);
    for (int i = 0; i < slots; i++) {
      pool.allocated(slots + " frames");
    }
    return pool;
  }

  /**
   * A pool over memory that belongs to somebody else, such as a driver's buffers: slot n is the nth
   * frame. Takes ownership of the frames, not of the memory they point to, which must stay until
   * the lender is told that it may go.
   *
   * @param frames each with a buffer of its own in {@code buf[0]}, whose references tell whether a
   *     codec still reads the picture
   */
  public static FramePool over(List<AVFrame> frames, Lender lender) {
    return over(frames, List.of(), lender, CLOSE_TIMEOUT);
  }

  /**
   * As {@link #over(List, Lender)}, with a smaller picture of the same capture beside each: {@link
   * Frame#lores}. Both are held and given back together.
   *
   * @param lores as many as frames, in the same order
   */
  public static FramePool over(List<AVFrame> frames, List<AVFrame> lores, Lender lender) {
    if (lores.size() != frames.size()) {
      throw new IllegalArgumentException(
          lores.size() + " smaller pictures beside " + frames.size() + " frames");
    }
    return over(frames, lores, lender, CLOSE_TIMEOUT);
  }

  static FramePool over(
      List<AVFrame> frames, List<AVFrame> lores, Lender lender, Duration closeTimeout) {
    FramePool pool = new FramePool(frames.size(), true, lender, closeTimeout);
    for (int i = 0; i < frames.size(); i++) {
      pool.add(frames.get(i), lores.isEmpty() ? Optional.empty() : Optional.of(lores.get(i)));
    }
    return pool;
  }

  /**
   * Slot n, which its lender has filled.
   *
   * @return {@code null} once the pool is closed
   * @throws IllegalStateException if somebody still holds it
   */
  public FrameSlot take(int n) {
    synchronized (lock) {
      if (closed) {
        return null;
      }
      FrameSlot slot = all.get(n);
      if (!free.remove(slot)) {
        throw new IllegalStateException(
            "slot " + n + " was filled while " + slot.holders() + " held it");
      }
      return slot;
    }
  }

  /** A free slot, or {@code null} where all are held: a live source then drops the frame. */
  public FrameSlot poll() {
    synchronized (lock) {
      return closed ? null : free.poll();
    }
  }

  /**
   * Waits for a free slot: for sources that are not live.
   *
   * @param timeout how long at the most
   * @return a slot, or {@code null} if none came free in time or the pool was closed
   */
  public FrameSlot take(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    synchronized (lock) {
      while (free.isEmpty() && !closed) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return null;
        }
        lock.wait(Math.max(1, left / 1_000_000));
      }
      return poll();
    }
  }

  /**
   * Waits until every slot is free.
   *
   * @param timeout how long at the most
   * @return whether they are
   */
  public boolean awaitFree(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    synchronized (lock) {
      long left = timeout.toNanos();
      while (free.size() < all.size() && left > 0) {
        lock.wait(left / 1_000_000, (int) (left % 1_000_000));
        left = deadline - System.nanoTime();
      }
      return free.size() == all.size();
    }
  }

  /** Number of slots that are not free. */
  public int outstanding() {
    synchronized (lock) {
      return all.size() - free.size();
    }
  }

  /**
   * Waits until every handle is closed, then frees the memory. Memory that is still held after 1 s
   * is left alone, its holders are named in the log, and it is freed by the last close, whenever
   * that comes: never under a reader.
   */
  @Override
  public void close() {
    long deadline = System.nanoTime() + closeTimeout.toNanos();
    List<FrameSlot> unused;
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      lock.notifyAll();
      while (free.size() < all.size() && deadline - System.nanoTime() > 0) {
        try {
          lock.wait(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          break;
        }
      }
      abandoned = true;
      unused = List.copyOf(free);
      unused.forEach(FrameSlot::free);
      if (free.size() < all.size()) {
        log.warn("{} of {} frames are still held by {}", outstanding(), all.size(), holders());
      }
    }
    unused.forEach(slot -> lender.release(slot.index()));
  }

  void requeue(FrameSlot slot) {
    boolean isLast;
    synchronized (lock) {
      if (free.contains(slot)) {
        return;
      }
      isLast = abandoned;
      if (abandoned) {
        slot.free();
      } else if (!reuseMemory) {
        avutil.av_frame_unref(slot.avFrame());
      }
      free.push(
          slot); // the one used last is used next: memory that no backlog needs is never touched
      lock.notifyAll();
    }
    if (isLast) {
      lender.release(slot.index());
    } else {
      lender.requeue(slot.index());
    }
  }

  int[] dmabufs(int slot) {
    return lender.dmabufs(slot);
  }

  /** A frame without a picture, in a new slot. */
  private AVFrame allocated(String what) {
    AVFrame frame = avutil.av_frame_alloc();
    if (frame == null) {
      throw noMemoryFor(what);
    }
    add(frame);
    return frame;
  }

  /** Frees what it has. */
  private CameraException noMemoryFor(String what) {
    close();
    return new CameraException(CameraException.Kind.BUG, "no memory for " + what);
  }

  private void add(AVFrame frame) {
    add(frame, Optional.empty());
  }

  private void add(AVFrame frame, Optional<AVFrame> lores) {
    FrameSlot slot = new FrameSlot(this, all.size(), frame, lores, !reuseMemory);
    all.add(slot);
    free.add(slot);
  }

  private String holders() {
    return all.stream()
        .map(FrameSlot::holders)
        .filter(s -> !s.isEmpty())
        .collect(Collectors.joining("; "));
  }
}
