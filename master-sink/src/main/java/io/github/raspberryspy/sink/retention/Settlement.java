package io.github.raspberryspy.sink.retention;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is to happen to the stamps of footage once the wall clock is known to be right.
 *
 * @param since stamps from this one on move
 * @param ahead by this much; negative where the clock was set back
 * @param now the time that it is; no stamp is later
 */
record Settlement(Optional<Instant> since, Duration ahead, Instant now) {

  /** The stamp from which on it is still not known that stamps are right. */
  Optional<Instant> unsure() {
    return since.map(this::of);
  }

  /** What becomes of a stamp. */
  Instant of(Instant stamp) {
    boolean moves = since.isPresent() && !stamp.isBefore(since.get());
    Instant moved = moves ? stamp.plus(ahead) : stamp;
    return moved.isAfter(now) ? now : moved;
  }
}
