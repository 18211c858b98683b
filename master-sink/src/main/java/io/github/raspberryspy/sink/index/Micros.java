package io.github.raspberryspy.sink.index;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Instants as the index keeps them: microseconds since the epoch. */
final class Micros {

  private Micros() {}

  /** Cuts to whole microseconds. */
  static long of(Instant t) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, t);
  }

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
