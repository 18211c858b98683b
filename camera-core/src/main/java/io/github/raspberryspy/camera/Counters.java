package io.github.raspberryspy.camera;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The counts of one pipeline, from its start on. Thread-safe; each is exact, not all at one moment.
 */
public final class Counters {

  private final AtomicLongArray values = new AtomicLongArray(Counter.values().length);

  /** A set of counters at zero. */
  public Counters() {}

  /** The count. */
  public long get(Counter counter) {
    return values.get(counter.ordinal());
  }

  /** Adds one. */
  public void increment(Counter counter) {
    add(counter, 1);
  }

  /** Adds so many. */
  public void add(Counter counter, long n) {
    values.addAndGet(counter.ordinal(), n);
  }

  /** Frames that were captured, or should have been, and are in no segment. */
  public long framesDropped() {
    return get(Counter.FRAMES_LOST_AT_SOURCE)
        + get(Counter.FRAMES_REFUSED_BY_ENCODER)
        + get(Counter.FRAMES_LOST_BY_RECORDER);
  }
}
