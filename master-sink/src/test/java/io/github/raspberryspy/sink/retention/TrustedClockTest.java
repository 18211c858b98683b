package io.github.raspberryspy.sink.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.sink.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class TrustedClockTest {

  private static final Instant BEGIN = Instant.parse("2026-11-24T00:00:00Z");
  private final ManualClock wall = new ManualClock(BEGIN);
  private final TrustedClock clock = new TrustedClock(wall, wall::nanos, Optional.empty());

  @Test
  void ordinaryCorrectionsAreFollowed() {
    wall.set(BEGIN.plus(Duration.ofMinutes(59)));
    assertThat(clock.doubt()).isEmpty();
    assertThat(clock.now()).isEqualTo(wall.instant());
    wall.set(BEGIN.plus(Duration.ofMinutes(118)));
    assertThat(clock.now()).isEqualTo(wall.instant());
  }

  @Test
  void aStepForwardsMakesNothingOlderAndOneBackNothingNewOld() {
    wall.set(BEGIN.plus(Duration.ofDays(3650)));
    wall.advance(Duration.ofHours(5));
    assertThat(clock.now()).isEqualTo(BEGIN.plus(Duration.ofHours(5)));
    assertThat(clock.doubt()).contains(Duration.ofDays(3650));

    wall.set(BEGIN.minus(Duration.ofDays(40)));
    assertThat(clock.receipts().instant()).isEqualTo(BEGIN.plus(Duration.ofHours(5)));
    assertThat(clock.now()).isEqualTo(wall.instant());

    wall.set(BEGIN.plus(Duration.ofHours(5)));
    assertThat(clock.doubt()).isEmpty();
  }

  @Test
  void timeThatPassedWhileTheMasterWasOffIsDoubtedUntilACameraAgrees() {
    TrustedClock later =
        new TrustedClock(wall, wall::nanos, Optional.of(BEGIN.minus(Duration.ofDays(2))));
    assertThat(later.now()).isEqualTo(BEGIN.minus(Duration.ofDays(2)));
    assertThat(later.heardFrom(BEGIN.minus(Duration.ofHours(3)))).isFalse();
    assertThat(later.heardFrom(BEGIN.minus(Duration.ofMinutes(1)))).isTrue();
    assertThat(later.now()).isEqualTo(BEGIN);
  }

  @Test
  void aStepOfYearsTakesAPerson() {
    wall.set(BEGIN.plus(Duration.ofDays(3650)));
    assertThat(clock.heardFrom(wall.instant())).isFalse();
    clock.confirm();
    assertThat(clock.now()).isEqualTo(wall.instant());
    assertThat(clock.doubt()).isEmpty();
  }

  @RepeatedTest(200)
  void whateverSomebodySetsNothingIsEverOlderThanTheTimeThatWentBy(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    Instant received = clock.receipts().instant();
    Duration trueAge = Duration.ZERO;
    Duration corrections = Duration.ZERO;
    for (int i = 0; i < 100; i++) {
      if (random.nextInt(3) == 0) {
        long hours = random.nextInt(200_000) - 100_000L;
        Duration step = Duration.ofHours(Math.abs(hours) < 2 ? 2 : hours);
        wall.set(wall.instant().plus(step));
        corrections = corrections.plus(TrustedClock.STEP); // it may come back nearly where it was
      } else {
        Duration passed = Duration.ofSeconds(random.nextInt(100_000));
        wall.advance(passed);
        trueAge = trueAge.plus(passed);
      }
      assertThat(Duration.between(received, clock.now()))
          .isLessThanOrEqualTo(trueAge.plus(corrections));
    }
  }
}
