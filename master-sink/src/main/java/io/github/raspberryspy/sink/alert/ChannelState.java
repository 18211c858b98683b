package io.github.raspberryspy.sink.alert;

import java.time.Instant;
import java.util.Optional;

/**
 * How a channel fares.
 *
 * @param name which
 * @param waiting how many alerts are to be delivered by it
 * @param lastSuccess when it delivered last, if ever
 * @param lastError when it failed last, if ever
 * @param error how; empty where it never did
 */
public record ChannelState(
    String name,
    long waiting,
    Optional<Instant> lastSuccess,
    Optional<Instant> lastError,
    String error) {

  /** Whether the last thing that it did was to fail. */
  public boolean isFailing() {
    return lastError.isPresent()
        && (lastSuccess.isEmpty() || lastError.get().isAfter(lastSuccess.get()));
  }
}
