package io.github.raspberryspy.camera.record;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The wall clock as far as footage may be deleted by it: once it is set, it goes no faster than the
 * monotonic clock, so that a step ahead makes nothing old. For one thread.
 */
final class AgeClock {

  private final ClockWatch clock;
  private Optional<Instant> last = Optional.empty();
  private long lastNanos;

  AgeClock(ClockWatch clock) {
    this.clock = clock;
  }

  /** What time it is; empty until that is known. */
  Optional<Instant> now() {
    Optional<Instant> wall = clock.now();
    if (wall.isEmpty()) {
      return wall;
    }
    long nanos = clock.nanos();
    Instant now = wall.get();
    if (last.isPresent()) {
      Instant expected = last.get().plus(Duration.ofNanos(nanos - lastNanos));
      now = now.isAfter(expected) ? expected : now;
    }
    last = Optional.of(now);
    lastNanos = nanos;
    return last;
  }
}
