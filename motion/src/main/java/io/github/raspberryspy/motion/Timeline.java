package io.github.raspberryspy.motion;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.camera.record.SegmentAnnotator.Span;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What moved in the last hours, for those who ask later. Bounded: events older than three hours of
 * footage are forgotten, and so are the oldest where there are too many.
 *
 * <p>Thread-safe.
 */
final class Timeline {

  static final int MAX_EVENTS = 10_000;
  static final Duration MEMORY = Duration.ofHours(3);

  private final Object lock = new Object();

  @GuardedBy("lock")
  private final ArrayDeque<MotionEvent> past = new ArrayDeque<>();

  @GuardedBy("lock")
  private MotionEvent open;

  @GuardedBy("lock")
  private long openNanos;

  @GuardedBy("lock")
  private long offered;

  @GuardedBy("lock")
  private long settled;

  @GuardedBy("lock")
  private long knownNanos = Long.MIN_VALUE;

  @GuardedBy("lock")
  private long quietNanos = Long.MIN_VALUE;

  @GuardedBy("lock")
  private long intervalNanos;

  @GuardedBy("lock")
  private boolean isEnded;

  /** A frame is on its way. */
  void offered() {
    synchronized (lock) {
      offered++;
    }
  }

  /** A frame will not be looked at. */
  void replaced() {
    synchronized (lock) {
      settled++;
      settle();
    }
  }

  /** A frame was looked at. */
  void known(long nanos) {
    synchronized (lock) {
      settled++;
      intervalNanos = knownNanos == Long.MIN_VALUE ? 0 : nanos - knownNanos;
      knownNanos = nanos;
      forget(nanos - MEMORY.toNanos());
      settle();
    }
  }

  /**
   * Nothing moved before this moment, of which no frame comes. Known at once where no frame is on
   * its way, else with the last of these.
   */
  void quiet(long untilNanos) {
    synchronized (lock) {
      quietNanos = untilNanos;
      settle();
    }
  }

  @GuardedBy("lock")
  private void settle() {
    if (offered == settled && quietNanos > knownNanos) {
      knownNanos = quietNanos;
    }
    lock.notifyAll();
  }

  /** An event began or goes on. */
  void open(MotionEvent event) {
    synchronized (lock) {
      open = event;
    }
  }

  /** The event under way was seen at this frame too. */
  void goesOn(long nanos) {
    synchronized (lock) {
      openNanos = nanos;
    }
  }

  /** The event is over. */
  void ended(MotionEvent event) {
    synchronized (lock) {
      open = null;
      past.add(event);
      if (past.size() > MAX_EVENTS) {
        past.poll();
      }
    }
  }

  /** Nothing more will come: who waits gets what there is. */
  void end() {
    synchronized (lock) {
      isEnded = true;
      lock.notifyAll();
    }
  }

  /** The events that overlap an interval, once it is known or patience is over. */
  List<Span> spans(long fromNanos, long toNanos, Duration patience) {
    synchronized (lock) {
      awaitKnown(toNanos, System.nanoTime() + patience.toNanos());
      List<Span> spans = new ArrayList<>();
      for (MotionEvent event : past) {
        addOverlap(spans, event, event.endNanos(), fromNanos, toNanos);
      }
      if (open != null) {
        addOverlap(spans, open, Math.max(openNanos, open.endNanos()), fromNanos, toNanos);
      }
      return spans;
    }
  }

  @GuardedBy("lock")
  private void awaitKnown(long toNanos, long deadline) {
    while (!isEnded && !isKnown(toNanos)) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return;
      }
      try {
        lock.wait(left / 1_000_000, (int) (left % 1_000_000));
      } catch (InterruptedException e) {
        // Ends the wait, not the footage: the recorder goes on with what is known.
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /**
   * An interval ends with its last frame's duration: with nothing on its way that is near enough.
   */
  @GuardedBy("lock")
  private boolean isKnown(long toNanos) {
    long reach = offered == settled ? 2 * intervalNanos : 0;
    return knownNanos != Long.MIN_VALUE && knownNanos + reach >= toNanos;
  }

  @GuardedBy("lock")
  private void forget(long beforeNanos) {
    while (!past.isEmpty() && past.peek().endNanos() < beforeNanos) {
      past.poll();
    }
  }

  private static void addOverlap(
      List<Span> to, MotionEvent event, long endNanos, long fromNanos, long toNanos) {
    if (event.startNanos() < toNanos && endNanos >= fromNanos) {
      to.add(new Span(event.startNanos(), endNanos, event.score(), event.zones(), event.boxes()));
    }
  }
}
