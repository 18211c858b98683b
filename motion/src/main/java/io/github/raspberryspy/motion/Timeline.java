package io.github.raspberryspy.motion;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.camera.record.SegmentAnnotator.Span;
import io.github.raspberryspy.camera.record.SegmentAnnotator.Unknown;
import io.github.raspberryspy.segments.UnknownSpan;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What moved in the last hours, and where that is not known, for those who ask later. Bounded:
 * events older than three hours of footage are forgotten, and so are the oldest where there are too
 * many.
 *
 * <p>Thread-safe.
 */
final class Timeline {

  static final int MAX_EVENTS = 10_000;
  static final Duration MEMORY = Duration.ofHours(3);

  /** No reason: it is known what moves. */
  static final String KNOWN = "";

  static final String TOO_SLOW = "not looked at in time";

  /** Frames may go by for so long: what moves is still seen in the next one. */
  static final long LATE_NANOS = 2_000_000_000L;

  static final String UNSEEN = "no picture was shown";

  /** Pictures may stay away for so long: where only what may move is decoded, some do. */
  static final long UNSEEN_NANOS = 8_000_000_000L;

  /**
   * And for so long, or three looks, before the moment that is asked about: what a decoder holds by
   * then may still be shown, too late for who asks.
   */
  static final long UNJUDGED_NANOS = 500_000_000L;

  /** Before whatever moment is asked about. */
  static final long BEFORE_ALL = Long.MIN_VALUE + 1;

  private static final long NEVER = Long.MIN_VALUE;

  private final Object lock = new Object();

  @GuardedBy("lock")
  private final ArrayDeque<MotionEvent> past = new ArrayDeque<>();

  @GuardedBy("lock")
  private MotionEvent open;

  @GuardedBy("lock")
  private long openNanos;

  @GuardedBy("lock")
  private long firstNanos = NEVER; // of what came first; of frames before it nobody said anything

  @GuardedBy("lock")
  private long offeredNanos = NEVER; // of the latest frame

  @GuardedBy("lock")
  private long settledNanos = NEVER; // no frame up to this one is on its way

  @GuardedBy("lock")
  private long knownNanos = NEVER;

  @GuardedBy("lock")
  private long quietNanos = NEVER;

  @GuardedBy("lock")
  private long intervalNanos;

  @GuardedBy("lock")
  private final ArrayDeque<Unknown> unknown = new ArrayDeque<>();

  @GuardedBy("lock")
  private String state = KNOWN; // why nothing is known, since the moment below

  @GuardedBy("lock")
  private long stateNanos;

  @GuardedBy("lock")
  private long waitingNanos = NEVER; // of the oldest frame since the latest that was looked at

  @GuardedBy("lock")
  private boolean isEnded;

  /** A frame is on its way. */
  void offered(long nanos) {
    synchronized (lock) {
      if (isUnseenAt(nanos)) {
        add(new Unknown(knownNanos, nanos, UNSEEN));
      }
      firstNanos = firstNanos == NEVER ? nanos : firstNanos;
      offeredNanos = nanos;
      if (waitingNanos == NEVER) {
        waitingNanos = nanos;
      }
    }
  }

  /** A frame came while there is nobody to look at it. */
  void passedOver(long nanos) {
    synchronized (lock) {
      settledNanos = nanos;
      if (!state.equals(KNOWN)) {
        knownNanos = nanos; // as well as it ever will be
      }
      wake();
    }
  }

  /** A frame was looked at, and understood. */
  void known(long nanos) {
    settle(nanos, KNOWN);
  }

  /**
   * A frame was looked at.
   *
   * @param why why it is not known whether something moves at it; {@link #KNOWN} where it is
   */
  void settle(long nanos, String why) {
    synchronized (lock) {
      settledNanos = nanos;
      intervalNanos = knownNanos == NEVER ? 0 : nanos - knownNanos;
      knownNanos = nanos;
      if (waitingNanos != NEVER && nanos - waitingNanos > LATE_NANOS && state.equals(KNOWN)) {
        add(new Unknown(waitingNanos, nanos, TOO_SLOW));
      }
      waitingNanos = offeredNanos > nanos ? Math.max(nanos, quietBefore(offeredNanos)) : NEVER;
      change(nanos, why);
      forget(nanos - MEMORY.toNanos());
      wake();
    }
  }

  /**
   * Nothing moved before this moment, of which no frame comes. Known at once where no frame is on
   * its way, else with the last of these.
   */
  void quiet(long untilNanos) {
    synchronized (lock) {
      firstNanos = firstNanos == NEVER ? BEFORE_ALL : firstNanos;
      quietNanos = untilNanos;
      wake();
    }
  }

  /**
   * Nothing is known before this moment, of which no frame comes, since the latest one that came or
   * the latest quiet moment.
   */
  void unseen(long untilNanos) {
    synchronized (lock) {
      long latestNanos = Math.max(Math.max(offeredNanos, quietNanos), knownNanos);
      long sinceNanos = Math.max(BEFORE_ALL, latestNanos);
      if (!state.equals(UnknownSpan.OFF_SCHEDULE) && untilNanos > sinceNanos) {
        add(new Unknown(sinceNanos, untilNanos, UNSEEN));
      }
    }
    quiet(untilNanos); // nobody has to wait for it
  }

  @GuardedBy("lock")
  private void wake() {
    if (isIdle() && quietNanos > knownNanos) {
      knownNanos = quietNanos;
    }
    lock.notifyAll();
  }

  /**
   * Whoever looked is gone: what is under way ends where it was seen last.
   *
   * @param sinceNanos from which frame on nothing is known
   * @param why for what reason
   * @return the event that was under way
   */
  Optional<MotionEvent> cut(long sinceNanos, String why) {
    synchronized (lock) {
      Optional<MotionEvent> cut =
          Optional.ofNullable(open)
              .map(event -> event.until(Math.max(openNanos, event.endNanos())));
      cut.ifPresent(this::ended);
      settledNanos = offeredNanos; // what was on its way is never looked at
      change(sinceNanos, why);
      return cut;
    }
  }

  /** Where it is not known within an interval what moved, in order. */
  List<Unknown> unknown(long fromNanos, long toNanos) {
    synchronized (lock) {
      List<Unknown> spans = new ArrayList<>(unknown);
      if (firstNanos > fromNanos && firstNanos - fromNanos > LATE_NANOS) {
        spans.add(new Unknown(BEFORE_ALL, firstNanos, UNSEEN));
      }
      if (!state.equals(KNOWN)) {
        spans.add(new Unknown(stateNanos, toNanos, state));
      } else if (knownNanos == NEVER) {
        spans.add(new Unknown(BEFORE_ALL, toNanos, waitingNanos == NEVER ? UNSEEN : TOO_SLOW));
      } else if (waitingNanos != NEVER && toNanos - waitingNanos > LATE_NANOS) {
        spans.add(new Unknown(waitingNanos, toNanos, TOO_SLOW));
      } else if (isUnjudgedAt(toNanos)) {
        spans.add(new Unknown(knownNanos, toNanos, UNSEEN));
      }
      spans.removeIf(span -> span.startNanos() >= toNanos || span.endNanos() <= fromNanos);
      return disjoint(spans, fromNanos);
    }
  }

  /** In order; of moments for which there are two reasons, the one that began first is told. */
  private static List<Unknown> disjoint(List<Unknown> spans, long fromNanos) {
    spans.sort(Comparator.comparingLong(Unknown::startNanos));
    List<Unknown> disjoint = new ArrayList<>(spans.size());
    long endNanos = NEVER;
    for (Unknown span : spans) {
      boolean isAll = span.startNanos() == BEFORE_ALL;
      long startNanos = Math.max(endNanos, isAll ? fromNanos : span.startNanos());
      if (span.endNanos() > startNanos) {
        disjoint.add(new Unknown(startNanos, span.endNanos(), span.reason()));
        endNanos = span.endNanos();
      }
    }
    return disjoint;
  }

  /** The latest moment up to which nothing moved that is not after this one. */
  @GuardedBy("lock")
  private long quietBefore(long nanos) {
    return quietNanos <= nanos ? quietNanos : NEVER;
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

  /**
   * Whether no frame is on its way. By their times, not by their number: one that is given to a
   * detection which has just been left behind may be dropped without a word.
   */
  @GuardedBy("lock")
  private boolean isIdle() {
    return settledNanos >= offeredNanos;
  }

  /** Whether no frame has come for long, and nobody said that nothing moves. */
  @GuardedBy("lock")
  private boolean isUnseenAt(long nanos) {
    return isUnseenFor(UNSEEN_NANOS, nanos);
  }

  /** Whether nobody has said anything yet of the last moments before this one. */
  @GuardedBy("lock")
  private boolean isUnjudgedAt(long nanos) {
    return isUnseenFor(Math.max(UNJUDGED_NANOS, 3 * intervalNanos), nanos);
  }

  @GuardedBy("lock")
  private boolean isUnseenFor(long leastNanos, long nanos) {
    return state.equals(KNOWN)
        && isIdle()
        && knownNanos != NEVER
        && nanos - knownNanos > leastNanos;
  }

  @GuardedBy("lock")
  private void change(long nanos, String why) {
    boolean goesOn = state.equals(why) || (isTrouble(state) && isTrouble(why));
    if (goesOn) {
      return; // the first reason says it
    }
    if (!state.equals(KNOWN)) {
      add(new Unknown(stateNanos, Math.max(stateNanos, nanos), state));
    }
    state = why;
    stateNanos = nanos;
  }

  private static boolean isTrouble(String why) {
    return !why.equals(KNOWN) && !why.equals(UnknownSpan.OFF_SCHEDULE);
  }

  @GuardedBy("lock")
  private void add(Unknown span) {
    unknown.add(span);
    if (unknown.size() > MAX_EVENTS) {
      unknown.poll();
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
    long reach = isIdle() ? 2 * intervalNanos : 0;
    return knownNanos != NEVER && knownNanos + reach >= toNanos;
  }

  @GuardedBy("lock")
  private void forget(long beforeNanos) {
    while (!past.isEmpty() && past.peek().endNanos() < beforeNanos) {
      past.poll();
    }
    while (!unknown.isEmpty() && unknown.peek().endNanos() < beforeNanos) {
      unknown.poll();
    }
  }

  private static void addOverlap(
      List<Span> to, MotionEvent event, long endNanos, long fromNanos, long toNanos) {
    if (event.startNanos() < toNanos && endNanos >= fromNanos) {
      to.add(new Span(event.startNanos(), endNanos, event.score(), event.zones(), event.boxes()));
    }
  }
}
