package io.github.raspberryspy.sink.index;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Instants as the index keeps them: microseconds since the epoch. */
final class Micros {

  private Micros() {}

  /**
   * Cuts to whole microseconds. Not by {@code ChronoUnit.MICROS.between}, which goes through
   * nanoseconds and so ends in the year 2262.
   */
  static long of(Instant t) {
    return Math.addExact(Math.multiplyExact(t.getEpochSecond(), 1_000_000L), t.getNano() / 1000);
  }

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
