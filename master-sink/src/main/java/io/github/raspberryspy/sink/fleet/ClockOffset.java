package io.github.raspberryspy.sink.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * By how much a camera's clock is ahead of the master's. What a message took on its way makes the
 * clock look late; so the latest few are asked, and the one that took the least counts. Not
 * thread-safe.
 */
final class ClockOffset {

  private static final int LATEST = 10;

  private final Deque<Duration> seen = new ArrayDeque<>();

  /** A message came. */
  void heard(Instant said, Instant now) {
    seen.addLast(Duration.between(now, said));
    if (seen.size() > LATEST) {
      seen.removeFirst();
    }
  }

  /** What was before does not count any more. */
  void forget() {
    seen.clear();
  }

  /** Negative where the camera's clock is behind; empty where it never said its time. */
  Optional<Duration> value() {
    return seen.stream().max(Duration::compareTo);
  }
}
