package io.github.raspberryspy.motion;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;

/**
 * What a passive-infrared sensor has told of late: when it saw something warm move, and when it
 * could not be read. It outlasts the detectors that read it.
 *
 * <p>It begins as one that cannot be read. Times are capture times, on the clock of {@link
 * System#nanoTime}; a time before the latest one counts as that. It remembers the last 64 changes.
 * Thread-safe; no method waits, calls out, or makes garbage.
 */
public final class PirSignal {

  /** A sensor that sees nothing for so long, while the picture moves so often, is in doubt. */
  public static final Duration SILENCE = Duration.ofHours(24);

  static final int MOTIONS = 20;

  private static final int REMEMBERED = 64;

  private enum State {
    LOST,
    COLD,
    WARM
  }

  /** How the sensor was at one moment; filled in by {@link #read}. For one thread. */
  static final class Reading {
    /** Whether it could not be read, or is in doubt. */
    boolean isLost;

    /** Whether it has ever seen warmth, as far as is remembered. */
    boolean hasBeenWarm;

    /** When the latest warmth began; only where there was any. */
    long sinceNanos;

    /** How long the latest warmth lasted so far; only where there was any. */
    long untilNanos;
  }

  @GuardedBy("this")
  private final long[] times = new long[REMEMBERED];

  @GuardedBy("this")
  private final State[] states = new State[REMEMBERED];

  @GuardedBy("this")
  private long count;

  @GuardedBy("this")
  private int motions; // of the picture, since it was warm or came back

  @GuardedBy("this")
  private boolean isDoubted;

  /** The sensor sees warmth from now on. */
  public void warm(long nanos) {
    add(nanos, State.WARM);
  }

  /** The sensor sees none from now on. */
  public void cold(long nanos) {
    add(nanos, State.COLD);
  }

  /** The sensor cannot be read from now on. */
  public void lost(long nanos) {
    add(nanos, State.LOST);
  }

  /** Whether it sees warmth now. */
  public synchronized boolean isWarm() {
    return count > 0 && state(count - 1) == State.WARM;
  }

  /** Whether it cannot be read now. */
  public synchronized boolean isLost() {
    return count == 0 || state(count - 1) == State.LOST;
  }

  /**
   * Whether it answers and yet seems to be dead, as where its wire is off: it has seen nothing for
   * {@link #SILENCE}, and the picture has moved often meanwhile.
   */
  public synchronized boolean isDoubted() {
    return isDoubted;
  }

  /** Something began to move in the picture. */
  synchronized void moved(long nanos) {
    if (!isLost() && !isWarm()) {
      motions++;
      isDoubted |= motions >= MOTIONS && nanos - time(count - 1) >= SILENCE.toNanos();
    }
  }

  /** How it was at a moment: what was told later does not count yet. */
  synchronized void read(long nanos, Reading into) {
    long oldest = Math.max(0, count - REMEMBERED);
    long at = count - 1;
    while (at >= oldest && time(at) > nanos) {
      at--;
    }
    into.isLost = isDoubted || at < oldest || state(at) == State.LOST;
    into.hasBeenWarm = false;
    into.untilNanos = nanos;
    while (at >= oldest && state(at) != State.WARM) {
      into.untilNanos = time(at);
      at--;
    }
    if (at >= oldest) {
      into.hasBeenWarm = true;
      into.sinceNanos = time(at);
    }
  }

  private synchronized void add(long nanos, State state) {
    if (count > 0 && state(count - 1) == state) {
      return;
    }
    long time = count == 0 ? nanos : Math.max(nanos, time(count - 1));
    times[(int) (count % REMEMBERED)] = time;
    states[(int) (count % REMEMBERED)] = state;
    count++;
    motions = 0;
    isDoubted = false;
  }

  @GuardedBy("this")
  private long time(long index) {
    return times[(int) (index % REMEMBERED)];
  }

  @GuardedBy("this")
  private State state(long index) {
    return states[(int) (index % REMEMBERED)];
  }
}
