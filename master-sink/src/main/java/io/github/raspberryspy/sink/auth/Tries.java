package io.github.raspberryspy.sink.auth;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Counts how often a household was wrong within a minute, and so how often all were. Thread-safe.
 */
public final class Tries {

  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final int mostEach;
  private final int mostAll;
  private final LongSupplier nanos;

  @GuardedBy("this")
  private final Map<String, Integer> wrong = new HashMap<>();

  @GuardedBy("this")
  private int all;

  @GuardedBy("this")
  private long begin;

  /**
   * None was wrong yet.
   *
   * @param mostEach tries of one household in a minute
   * @param mostAll tries of all in a minute
   * @param nanos the monotonic clock, as {@link System#nanoTime}
   */
  public Tries(int mostEach, int mostAll, LongSupplier nanos) {
    this.mostEach = mostEach;
    this.mostAll = mostAll;
    this.nanos = nanos;
    this.begin = nanos.getAsLong();
  }

  /** Whether they may try now who are at this address, or have this ticket. */
  public synchronized boolean mayTry(String who) {
    if (nanos.getAsLong() - begin > WINDOW.toNanos()) {
      begin = nanos.getAsLong();
      wrong.clear();
      all = 0;
    }
    return all < mostAll && wrong.getOrDefault(Household.of(who), 0) < mostEach;
  }

  /** They were wrong. */
  public synchronized void wasWrong(String who) {
    wrong.merge(Household.of(who), 1, Integer::sum); // no more than all may be
    all++;
  }
}
