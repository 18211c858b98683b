package io.github.raspberryspy.camera;

import java.util.ArrayDeque;
import java.util.List;

/**
 * A short queue of frame handles between two threads. It owns what is in it: what it refuses or
 * replaces, and what is left when it is closed, it closes.
 *
 * <p>Thread-safe.
 */
public final class FrameQueue implements AutoCloseable {

  /** What happens to a frame that is offered to a full queue. */
  public enum WhenFull {
    /** It is closed: for an encoder, which must not lose what it already has. */
    REFUSE_NEWEST,
    /** The oldest one in the queue is closed in its favour: for motion, which wants the latest. */
    REPLACE_OLDEST,
    /** The caller waits for room: for sources that are not live. */
    WAIT
  }

  private final ArrayDeque<Frame> queue;
  private final int capacity;
  private final WhenFull whenFull;
  private boolean closed;

  /** A queue for that many frames. */
  public FrameQueue(int capacity, WhenFull whenFull) {
    if (capacity < 1) {
      throw new IllegalArgumentException("a queue for " + capacity + " frames; at least 1");
    }
    this.capacity = capacity;
    this.whenFull = whenFull;
    this.queue = new ArrayDeque<>(capacity + 1);
  }

  /**
   * Takes ownership of a frame.
   *
   * @return whether no frame was lost by it: false where it was refused, or an older one replaced
   */
  public boolean offer(Frame frame) {
    Frame loser = null;
    synchronized (queue) {
      while (whenFull == WhenFull.WAIT && !closed && queue.size() >= capacity) {
        awaitChange();
      }
      if (closed || (queue.size() >= capacity && whenFull == WhenFull.REFUSE_NEWEST)) {
        loser = frame;
      } else {
        if (queue.size() >= capacity) {
          loser = queue.poll();
        }
        queue.add(frame);
        queue.notifyAll();
      }
    }
    if (loser != null) {
      loser.close();
    }
    return loser == null;
  }

  /** Waits for the next frame, owned by the caller; {@code null} once closed and empty. */
  public Frame take() {
    synchronized (queue) {
      while (!closed && queue.isEmpty()) {
        awaitChange();
      }
      Frame frame = queue.poll();
      queue.notifyAll();
      return frame;
    }
  }

  /** Takes no more frames; those in it can still be taken. */
  public void end() {
    synchronized (queue) {
      closed = true;
      queue.notifyAll();
    }
  }

  /** Takes no more frames, and closes those in it. */
  @Override
  public void close() {
    List<Frame> left;
    synchronized (queue) {
      end();
      left = List.copyOf(queue);
      queue.clear();
    }
    left.forEach(Frame::close); // which calls the source: with no lock held
  }

  private void awaitChange() {
    try {
      queue.wait();
    } catch (InterruptedException e) {
      // Ends the queue instead of the wait: an interrupted stage stops, and loses nothing it holds.
      closed = true;
      queue.notifyAll();
      Thread.currentThread().interrupt();
    }
  }
}
