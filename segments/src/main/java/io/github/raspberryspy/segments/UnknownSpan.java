package io.github.raspberryspy.segments;

import java.time.Instant;
import java.util.Objects;

/**
 * A stretch of time of which nobody can tell whether something moved: it is not one without motion.
 *
 * @param start first moment, inclusive
 * @param end last moment, exclusive; not before {@code start}
 * @param reason why, for people: {@code "detection failed"}
 */
public record UnknownSpan(Instant start, Instant end, String reason) {

  /** The reason of a stretch in which motion was not to be looked for. */
  public static final String OFF_SCHEDULE = "off schedule";

  /** The reason of a stretch of a recording beside which nobody looks for motion at all. */
  public static final String NOT_LOOKED_FOR = "not looked for";

  /** Checks order and presence. */
  public UnknownSpan {
    Objects.requireNonNull(start, "start");
    if (end.isBefore(start)) {
      throw new IllegalArgumentException(
          "unknown motion ends at " + end + ", before its start " + start);
    }
    if (reason.isBlank()) {
      throw new IllegalArgumentException("unknown motion has no reason");
    }
  }

  /** Whether nobody was to look, rather than nobody could. */
  public boolean isOnPurpose() {
    return reason.equals(OFF_SCHEDULE) || reason.equals(NOT_LOOKED_FOR);
  }
}
