package io.github.raspberryspy.segments;

import java.time.Instant;
import java.util.Objects;

/**
 * A known missing interval of footage.
 *
 * @param start first missing moment
 * @param end first moment that is there again; not before {@code start}
 * @param reason what happened, for people: {@code "frames dropped"}, {@code "restart"}
 */
public record Gap(Instant start, Instant end, String reason) {

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
}
