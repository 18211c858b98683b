package io.github.raspberryspy.camera;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * The counts of one pipeline, from its start on. Thread-safe; each is exact, not all at one moment.
 */
public final class Counters {

  private final Map<Counter, LongAdder> values = new EnumMap<>(Counter.class);

  /** A set of counters at zero. */
  public Counters() {
    for (Counter counter : Counter.values()) {
      values.put(counter, new LongAdder());
    }
  }

  /** The count. */
  public long get(Counter counter) {
    return values.get(counter).sum();
  }

  /** Adds one. */
  public void increment(Counter counter) {
    add(counter, 1);
  }

  /** Adds so many. */
  public void add(Counter counter, long n) {
    values.get(counter).add(n);
  }

  /** Adds all of another set as they are now. */
  public void add(Counters others) {
    for (Counter counter : Counter.values()) {
      add(counter, others.get(counter));
    }
  }

  /** Frames that were captured, or should have been, and are in no segment. */
  public long framesDropped() {
    return get(Counter.FRAMES_LOST_AT_SOURCE)
        + get(Counter.FRAMES_REFUSED_BY_ENCODER)
        + get(Counter.FRAMES_LOST_BY_RECORDER);
  }
}
