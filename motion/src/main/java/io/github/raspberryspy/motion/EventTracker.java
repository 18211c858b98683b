package io.github.raspberryspy.motion;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes events of what is seen frame by frame. Pure: its only clock is the frames' capture time.
 *
 * <p>Something of the least size must be seen for the minimum duration since it was first noticed,
 * with no pause longer than the hold time, nor than both half of it and three frames, to begin an
 * event; the event begins when it was noticed, but not within the hold time of the one before, and
 * lasts until nothing has been seen for the hold time. What is seen in two looks one after the
 * other does not pause between them, however few there are. For an event to go on, a part of the
 * least size is enough. Events are in order and disjoint. One thread at a time.
 */
final class EventTracker {

  /** An event begins when it was noticed, but at most so long before it was recognised. */
  private static final long NOTICE_NANOS = 1_000_000_000L;

  /** Looks may be so far apart, and what is seen in both is still one movement. */
  private static final long APART_NANOS = 2_000_000_000L;

  private final long minNanos;
  private final long holdNanos;
  private final double beginScore;
  private final double goOnScore;

  private EventBoxes boxes = new EventBoxes();
  private EventPath path = new EventPath();
  private final Set<String> zones = new LinkedHashSet<>();
  private boolean isSeen;
  private boolean isOpen;
  private long noticedNanos;
  private long startNanos;
  private long lastSeenNanos;
  private long lastNanos = Long.MIN_VALUE;
  private double score;
  private long freeNanos = Long.MIN_VALUE;
  private int missed;

  private Optional<MotionEvent> began = Optional.empty();
  private Optional<MotionEvent> ended = Optional.empty();

  EventTracker(MotionConfig config) {
    this.minNanos = config.minDuration().toNanos();
    this.holdNanos = config.hold().toNanos();
    this.beginScore = config.expert().minSize();
    this.goOnScore = beginScore * config.expert().goOn();
  }

  /** Takes in what was seen in the next frame; times never run backwards. */
  void accept(long nanos, Observation seen) {
    if (nanos < lastNanos) {
      throw new IllegalArgumentException("time runs backwards by " + (lastNanos - nanos) + " ns");
    }
    lastNanos = nanos;
    began = Optional.empty();
    ended = Optional.empty();
    expire(nanos, isEnough(seen));
    if (isEnough(seen)) {
      extend(nanos, seen);
    } else {
      missed++;
    }
  }

  /** Ends what is under way, for no more frames will come. */
  Optional<MotionEvent> finish() {
    Optional<MotionEvent> last = current();
    forget();
    return last;
  }

  /** Whether an event is under way. */
  boolean isOpen() {
    return isOpen;
  }

  /** The event under way, as far as it is known. */
  Optional<MotionEvent> current() {
    if (!isOpen) {
      return Optional.empty();
    }
    return Optional.of(
        new MotionEvent(
            startNanos, lastSeenNanos, score, List.copyOf(zones), boxes.list(), path.points()));
  }

  /** The event that the latest frame began. */
  Optional<MotionEvent> began() {
    return began;
  }

  /** The event that the latest frame ended. */
  Optional<MotionEvent> ended() {
    return ended;
  }

  private boolean isEnough(Observation seen) {
    return seen.isMotion() && seen.score() >= (isOpen ? goOnScore : beginScore);
  }

  private void expire(long nanos, boolean goesOn) {
    if (!isSeen) {
      return;
    }
    long pause = nanos - lastSeenNanos;
    if (goesOn && missed == 0 && pause <= APART_NANOS) {
      return; // no look told of a pause
    }
    boolean isOver = isOpen ? pause > holdNanos : missed >= 3 && pause > minNanos / 2;
    if (isOver || (!isOpen && pause > holdNanos)) {
      ended = current();
      freeNanos = isOpen ? lastSeenNanos + holdNanos : freeNanos;
      forget();
    }
  }

  private void extend(long nanos, Observation seen) {
    if (!isSeen) {
      isSeen = true;
      noticedNanos = nanos;
      score = 0;
    }
    if (!isOpen) {
      long noticed = Math.max(seen.sinceNanos(), nanos - NOTICE_NANOS);
      noticedNanos = Math.min(noticedNanos, noticed);
      startNanos = Math.max(noticedNanos, freeNanos);
    }
    missed = 0;
    lastSeenNanos = nanos;
    score = Math.max(score, seen.score());
    for (Body body : seen.bodies()) {
      boxes.add(body.box());
      zones.addAll(body.zones());
    }
    path.add(seen.bodies(), nanos);
    // Since it was noticed: what came while the hold time ran has been there for as long.
    if (!isOpen && nanos - noticedNanos >= minNanos) {
      isOpen = true;
      began = current();
    }
  }

  private void forget() {
    isSeen = false;
    isOpen = false;
    missed = 0;
    zones.clear();
    boxes = new EventBoxes();
    path = new EventPath();
  }
}
