package io.github.raspberryspy.sink.index;

import java.time.Duration;
import java.time.Instant;

/** How far the times are believed that cameras say of what happens now. */
public final class CameraClock {

  private static final Duration TRUST = Duration.ofDays(1);

  private CameraClock() {}

  /**
   * Whether a camera that says this knows when something happened.
   *
   * @param now by the master's clock
   */
  public static boolean knows(Instant said, Instant now) {
    return Duration.between(said, now).abs().compareTo(TRUST) <= 0;
  }
}
