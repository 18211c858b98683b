package io.github.raspberryspy.sink.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.sink.ManualClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ForwardClockTest {

  private static final Instant BEGIN = Instant.parse("2026-11-24T00:00:00Z");
  private final ManualClock wall = new ManualClock(BEGIN);
  private final TrustedClock trusted = new TrustedClock(wall, wall::nanos);
  private final ForwardClock clock = new ForwardClock(wall, wall::nanos, trusted, BEGIN);

  @Test
  void itGoesOnByTheMonotonicClockWhereTheWallClockFallsBackALittleOrALot() {
    for (Duration fall : new Duration[] {Duration.ofMinutes(5), Duration.ofDays(40)}) {
      Instant before = clock.instant();
      wall.set(wall.instant().minus(fall));
      assertThat(clock.instant()).isEqualTo(before);
      wall.advance(Duration.ofMinutes(2));
      assertThat(clock.instant()).isEqualTo(before.plus(Duration.ofMinutes(2)));
    }
  }

  @Test
  void aStepAheadCountsWhileItLasts() {
    wall.set(BEGIN.plus(Duration.ofDays(3650)));
    assertThat(clock.instant()).isEqualTo(wall.instant());
    wall.set(BEGIN);
    assertThat(clock.instant()).isEqualTo(BEGIN);
  }

  @Test
  void itGoesBackWhereItIsSettledThatTheClockWasAhead() {
    wall.set(BEGIN.minus(Duration.ofDays(3650)));
    assertThat(clock.instant()).isEqualTo(BEGIN);
    trusted.settle(trusted.settlement());
    clock.settle();
    assertThat(clock.instant()).isEqualTo(wall.instant());
  }
}
