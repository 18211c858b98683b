package io.github.raspberryspy.motion;

import io.github.raspberryspy.segments.Box;
import java.util.List;

/**
 * Something that moves, as it is in one picture. Immutable.
 *
 * @param id the same in every picture for as long as it is followed, counted from 1; 0 where nobody
 *     follows
 * @param box where it is, in shares of the picture
 * @param share how much of the picture it covers, 0 to 1
 * @param sinceNanos when it was first noticed, in capture time
 * @param zones names of the trigger zones that it touches; none where there are none
 */
public record Body(long id, Box box, double share, long sinceNanos, List<String> zones) {

  /** Copies the list. */
  public Body {
    zones = List.copyOf(zones);
  }

  /** The middle of its box, share of the picture's width. */
  public double x() {
    return box.x() + box.width() / 2;
  }

  /** The middle of its box, share of the picture's height. */
  public double y() {
    return box.y() + box.height() / 2;
  }
}
