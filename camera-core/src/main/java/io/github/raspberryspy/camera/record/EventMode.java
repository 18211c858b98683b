package io.github.raspberryspy.camera.record;

import java.time.Duration;
import java.util.Optional;

/**
 * Event mode: only what happens is recorded, with some of what was before and after it. Segments
 * then begin and end with an event, both at a keyframe.
 *
 * @param preRoll recorded before an event, 0 s to 5 min; it waits in memory until then
 * @param postRoll recorded after an event's last moment, 1 s to 10 min; what happens within it goes
 *     on in the same segment
 */
public record EventMode(Duration preRoll, Duration postRoll) {

  /** The longest pre-roll. */
  public static final Duration LONGEST_PRE_ROLL = Duration.ofMinutes(5);

  /** The shortest post-roll. */
  public static final Duration SHORTEST_POST_ROLL = Duration.ofSeconds(1);

  /** The longest post-roll. */
  public static final Duration LONGEST_POST_ROLL = Duration.ofMinutes(10);

  /** With another's post-roll, if there is one. */
  EventMode postRoll(Optional<EventMode> of) {
    return of.map(other -> new EventMode(preRoll, other.postRoll)).orElse(this);
  }

  /** Checks ranges. */
  public EventMode {
    if (preRoll.isNegative() || preRoll.compareTo(LONGEST_PRE_ROLL) > 0) {
      throw new IllegalArgumentException(
          "pre-roll of " + preRoll.toMillis() + " ms is not within 0 s to 5 min");
    }
    if (postRoll.compareTo(SHORTEST_POST_ROLL) < 0 || postRoll.compareTo(LONGEST_POST_ROLL) > 0) {
      throw new IllegalArgumentException(
          "post-roll of " + postRoll.toMillis() + " ms is not within 1 s to 10 min");
    }
  }
}
