package io.github.raspberryspy.upload;

import java.time.Clock;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;

/**
 * What the owner of the link grants. Immutable.
 *
 * @param bytesPerSecond the most that all uploads of this camera send; 0 for no limit
 * @param window the time of day in which the backlog is sent; empty for always. What is filmed now,
 *     and what an interruption, a stop or a flush closed, goes at any time
 * @param isMetered whether each byte costs: only footage in which something moved, or may have, is
 *     sent, and of the open segment only from the motion on
 * @param clock the time of day, in the owner's zone
 */
public record UploadLimits(
    long bytesPerSecond, Optional<DailyWindow> window, boolean isMetered, Clock clock) {

  /** The least bandwidth that footage can be sent with, in bytes a second. */
  public static final long LEAST_BYTES_PER_SECOND = 8_000;

  /** Checks presence, and that the bandwidth suffices for anything. */
  public UploadLimits {
    Objects.requireNonNull(window, "window");
    Objects.requireNonNull(clock, "clock");
    if (bytesPerSecond != 0 && bytesPerSecond < LEAST_BYTES_PER_SECOND) {
      throw new IllegalArgumentException(
          "bytesPerSecond "
              + bytesPerSecond
              + " is neither 0 nor at least "
              + LEAST_BYTES_PER_SECOND);
    }
  }

  /** No limits. */
  public static UploadLimits none() {
    return new UploadLimits(0, Optional.empty(), false, Clock.system(ZoneId.systemDefault()));
  }

  /**
   * Whether a sealed segment may be sent now.
   *
   * @param motion whether something moved in it, or may have
   * @param urgent whether anything but its time has closed it
   */
  boolean admits(boolean motion, boolean urgent) {
    return (!isMetered || motion)
        && (urgent || window.isEmpty() || window.get().contains(LocalTime.now(clock)));
  }
}
