package io.github.raspberryspy.camera.encode;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The latest packets of a run, read by any number of cursors: disk, live view and decoder share one
 * bound and one rule of loss.
 *
 * <p>It is bounded in bytes and forgets whole GOPs, oldest first, but never the last one. A cursor
 * that is overtaken goes on at the oldest keyframe and says how many packets it missed. Where the
 * source is not live, the writer waits for the cursors instead and nothing is lost.
 *
 * <p>One writer, any readers; thread-safe.
 */
public final class PacketWindow implements AutoCloseable {

  private final Object lock = new Object();
  private final long maxBytes;
  private final boolean isLossless;

  /** Ring of packets: those with numbers from {@code first} to {@code end}, exclusive. */
  @GuardedBy("lock")
  private Packet[] ring = new Packet[256];

  @GuardedBy("lock")
  private long first;

  @GuardedBy("lock")
  private long end;

  @GuardedBy("lock")
  private long bytes;

  @GuardedBy("lock")
  private boolean ended;

  @GuardedBy("lock")
  private final List<PacketCursor> cursors = new ArrayList<>();

  /**
   * An empty window.
   *
   * @param maxBytes how much it holds before it forgets, but for the last GOP
   * @param isLossless whether the writer waits for the cursors rather than that they miss packets
   */
  public PacketWindow(long maxBytes, boolean isLossless) {
    this.maxBytes = maxBytes;
    this.isLossless = isLossless;
  }

  /**
   * Adds a packet; waits for slow cursors where nothing may be lost. After the end it does nothing.
   */
  public void append(Packet packet) {
    synchronized (lock) {
      forget(packet);
      while (isLossless && !ended && isOver(packet) && slowest() < end) {
        await();
        forget(packet);
      }
      if (ended) {
        return;
      }
      if (end - first == ring.length) {
        grow();
      }
      ring[index(end)] = packet;
      end++;
      bytes += packet.sizeBytes();
      lock.notifyAll();
    }
  }

  /** No more packets come: cursors read what is left, then come to their end. */
  @Override
  public void close() {
    synchronized (lock) {
      ended = true;
      lock.notifyAll();
    }
  }

  /** A reader that begins at the last keyframe, or with the first packet if there is none yet. */
  public PacketCursor openCursor() {
    synchronized (lock) {
      PacketCursor cursor = openObserver();
      cursors.add(cursor);
      return cursor;
    }
  }

  /** The same for one that nobody waits for, whatever the source: it may be overtaken. */
  public PacketCursor openObserver() {
    synchronized (lock) {
      long last = lastKeyframe();
      return new PacketCursor(this, last < 0 ? end : last);
    }
  }

  /** Bytes held now. */
  public long sizeBytes() {
    synchronized (lock) {
      return bytes;
    }
  }

  Packet next(PacketCursor cursor) {
    synchronized (lock) {
      while (cursor.position == end && !ended && !cursor.closed) {
        await();
      }
      if (cursor.position == end || cursor.closed) {
        return null;
      }
      if (cursor.position < first) {
        cursor.missed += first - cursor.position;
        cursor.position = first;
      }
      Packet packet = ring[index(cursor.position)];
      cursor.position++;
      if (isLossless) {
        lock.notifyAll();
      }
      return packet;
    }
  }

  boolean rewindTo(PacketCursor cursor, long dtsUs) {
    synchronized (lock) {
      for (long i = Math.min(cursor.position, end) - 1; i >= first; i--) {
        Packet packet = ring[index(i)];
        if (packet.isKeyframe() && packet.dtsUs() <= dtsUs) {
          cursor.position = i;
          return true;
        }
      }
      return false;
    }
  }

  boolean awaitNext(PacketCursor cursor, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    synchronized (lock) {
      while (cursor.position == end && !ended && !cursor.closed) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        await(Math.max(1, left / 1_000_000));
      }
      return true;
    }
  }

  OptionalLong rewind(PacketCursor cursor, long ptsUs, long notBeforeUs) {
    synchronized (lock) {
      long found = -1;
      for (long i = Math.min(cursor.position, end) - 1; i >= first; i--) {
        Packet packet = ring[index(i)];
        if (packet.isKeyframe() && packet.ptsUs() >= notBeforeUs) {
          found = i;
          if (packet.ptsUs() <= ptsUs) {
            break;
          }
        }
      }
      if (found < 0) {
        return OptionalLong.empty();
      }
      cursor.position = found;
      return OptionalLong.of(ring[index(found)].ptsUs());
    }
  }

  long skipToLastKeyframe(PacketCursor cursor, long mostBehindUs) {
    synchronized (lock) {
      long at = Math.max(cursor.position, first);
      if (at >= end || ring[index(end - 1)].dtsUs() - ring[index(at)].dtsUs() <= mostBehindUs) {
        return 0;
      }
      long to = Math.max(at, lastKeyframe());
      long skipped = to - cursor.position;
      cursor.position = to;
      return skipped;
    }
  }

  long takeMissed(PacketCursor cursor) {
    synchronized (lock) {
      long missed = cursor.missed;
      cursor.missed = 0;
      return missed;
    }
  }

  void close(PacketCursor cursor) {
    synchronized (lock) {
      cursor.closed = true;
      cursors.remove(cursor);
      lock.notifyAll();
    }
  }

  /** Forgets whole GOPs while there is too much, as far as the cursors allow. */
  @GuardedBy("lock")
  private void forget(Packet coming) {
    while (isOver(coming)) {
      long nextKeyframe = first + 1;
      while (nextKeyframe < end && !ring[index(nextKeyframe)].isKeyframe()) {
        nextKeyframe++;
      }
      if (nextKeyframe >= end || (isLossless && slowest() < nextKeyframe)) {
        return;
      }
      while (first < nextKeyframe) {
        bytes -= ring[index(first)].sizeBytes();
        ring[index(first)] = null;
        first++;
      }
    }
  }

  /** The number of the last keyframe; -1 where there is none. */
  @GuardedBy("lock")
  private long lastKeyframe() {
    for (long i = end - 1; i >= first; i--) {
      if (ring[index(i)].isKeyframe()) {
        return i;
      }
    }
    return -1;
  }

  @GuardedBy("lock")
  private boolean isOver(Packet coming) {
    return bytes + coming.sizeBytes() > maxBytes && end > first;
  }

  @GuardedBy("lock")
  private long slowest() {
    long slowest = end;
    for (PacketCursor cursor : cursors) {
      slowest = Math.min(slowest, cursor.position);
    }
    return slowest;
  }

  @GuardedBy("lock")
  private void grow() {
    Packet[] larger = new Packet[ring.length * 2];
    for (long i = first; i < end; i++) {
      larger[(int) (i & (larger.length - 1))] = ring[index(i)];
    }
    ring = larger;
  }

  @GuardedBy("lock")
  private int index(long number) {
    return (int) (number & (ring.length - 1));
  }

  @GuardedBy("lock")
  private void await() {
    await(0);
  }

  @GuardedBy("lock")
  @SuppressWarnings("WaitNotInLoop") // all callers loop over their condition
  private void await(long millis) {
    try {
      lock.wait(millis);
    } catch (InterruptedException e) {
      // Ends the window instead of the wait: what was encoded is still read and recorded.
      ended = true;
      Thread.currentThread().interrupt();
    }
  }
}
