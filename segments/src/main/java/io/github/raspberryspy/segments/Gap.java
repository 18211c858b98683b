package io.github.raspberryspy.segments;

import java.time.Instant;
import java.util.Objects;

/**
 * A known missing interval of footage: lost, or in event mode left out on purpose.
 *
 * @param start first missing moment
 * @param end first moment that is there again; not before {@code start}
 * @param reason what happened, for people: {@code "frames dropped"}, {@value #RESTART}
 */
public record Gap(Instant start, Instant end, String reason) {

  /** The reason of an interval that was not to be recorded: nothing happened, in event mode. */
  public static final String NO_EVENT = "no event";

  /** The reason of what is missing since the program, or its source, was last running. */
  public static final String RESTART = "restart";

  /** Checks order and presence. */
  public Gap {
    Objects.requireNonNull(start, "start");
    if (end.isBefore(start)) {
      throw new IllegalArgumentException("a gap ends at " + end + ", before its start " + start);
    }
    if (reason.isBlank()) {
      throw new IllegalArgumentException("a gap has no reason");
    }
  }

  /** Whether footage is missing that was to be there. */
  public boolean isLoss() {
    return !reason.equals(NO_EVENT);
  }
}
