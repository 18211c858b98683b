package io.github.raspberryspy.camera.supervise;

import java.time.Duration;
import java.util.Objects;

/**
 * What is watched in a pipeline, and how patiently. Immutable; each method returns a changed copy.
 *
 * @param stallAfter how long a live source or an encoder may be silent before it is opened again,
 *     0.5 s to 60 s, or 0 for ever; five frame intervals at least
 * @param frozenAfter how long the picture may be the same to the bit, 1 s to 1 h, or 0 for ever
 * @param darkAfter how long it may be black, or one even tone, 1 s to 1 h, or 0 for ever
 * @param coveredAfter how long it may have lost most of its light and detail at once, 1 s to 1 h,
 *     or 0 for ever
 * @param restartsFrozen whether a source whose picture stands still is opened again, once each time
 */
public record SuperviseConfig(
    Duration stallAfter,
    Duration frozenAfter,
    Duration darkAfter,
    Duration coveredAfter,
    boolean restartsFrozen) {

  private static final Duration SHORTEST_STALL = Duration.ofMillis(500);
  private static final Duration LONGEST_STALL = Duration.ofSeconds(60);
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofHours(1);

  /** Checks ranges. */
  public SuperviseConfig {
    check("stallAfter", stallAfter, SHORTEST_STALL, LONGEST_STALL);
    check("frozenAfter", frozenAfter, SHORTEST, LONGEST);
    check("darkAfter", darkAfter, SHORTEST, LONGEST);
    check("coveredAfter", coveredAfter, SHORTEST, LONGEST);
  }

  /**
   * Stalls after 2 s, a frozen picture after 10 s, a dark one after 30 s, a covered lens after 3.
   */
  public static SuperviseConfig defaults() {
    return new SuperviseConfig(
        Duration.ofSeconds(2),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(3),
        false);
  }

  /** Stalls alone: no picture is looked at. */
  public static SuperviseConfig stallsOnly() {
    return new SuperviseConfig(
        Duration.ofSeconds(2), Duration.ZERO, Duration.ZERO, Duration.ZERO, false);
  }

  /** With this patience towards a silent source or encoder; 0 waits for ever. */
  public SuperviseConfig stallAfter(Duration time) {
    return new SuperviseConfig(time, frozenAfter, darkAfter, coveredAfter, restartsFrozen);
  }

  /** With this patience towards a picture that stands still; 0 does not look. */
  public SuperviseConfig frozenAfter(Duration time) {
    return new SuperviseConfig(stallAfter, time, darkAfter, coveredAfter, restartsFrozen);
  }

  /** With this patience towards a black or even picture; 0 does not look. */
  public SuperviseConfig darkAfter(Duration time) {
    return new SuperviseConfig(stallAfter, frozenAfter, time, coveredAfter, restartsFrozen);
  }

  /** With this patience towards a covered lens; 0 does not look. */
  public SuperviseConfig coveredAfter(Duration time) {
    return new SuperviseConfig(stallAfter, frozenAfter, darkAfter, time, restartsFrozen);
  }

  /** Whether a source whose picture stands still is opened again. */
  public SuperviseConfig restartsFrozen(boolean restarts) {
    return new SuperviseConfig(stallAfter, frozenAfter, darkAfter, coveredAfter, restarts);
  }

  /** Whether any picture is to be looked at. */
  public boolean watchesPictures() {
    return !frozenAfter.isZero() || !darkAfter.isZero() || !coveredAfter.isZero();
  }

  private static void check(String name, Duration time, Duration min, Duration max) {
    Objects.requireNonNull(time, name);
    if (!time.isZero() && (time.compareTo(min) < 0 || time.compareTo(max) > 0)) {
      throw new IllegalArgumentException(
          name
              + " of "
              + time.toMillis()
              + " ms is neither 0 nor within "
              + min.toMillis()
              + " to "
              + max.toMillis());
    }
  }
}
