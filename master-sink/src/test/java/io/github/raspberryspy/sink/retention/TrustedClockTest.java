package io.github.raspberryspy.sink.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.sink.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class TrustedClockTest {

  private static final Instant BEGIN = Instant.parse("2026-11-24T00:00:00Z");
  private final ManualClock wall = new ManualClock(BEGIN);
  private final TrustedClock clock = new TrustedClock(wall, wall::nanos);

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
  void timeThatPassedWhileTheMasterWasOffIsDoubtedUntilItIsSettled() {
    Instant noted = BEGIN.minus(Duration.ofDays(2));
    TrustedClock later = new TrustedClock(wall, wall::nanos, Optional.of(noted), Optional.empty());
    assertThat(later.now()).isEqualTo(noted);
    assertThat(later.agrees(BEGIN.minus(Duration.ofHours(3)))).isFalse();
    assertThat(later.agrees(BEGIN.minus(Duration.ofMinutes(1)))).isTrue();
    assertThat(later.settlement().of(noted)).isEqualTo(BEGIN);
    assertThat(later.settlement().of(noted.minusSeconds(1))).isEqualTo(noted.minusSeconds(1));
    later.settle(later.settlement());
    assertThat(later.now()).isEqualTo(BEGIN);
  }

  @Test
  void stampsAreUnsureFromTheStartUntilItIsShownThatTheClockIsRight() {
    assertThat(clock.unsureSince()).contains(BEGIN);
    wall.advance(Duration.ofDays(1));
    clock.verified();
    assertThat(clock.unsureSince()).isEmpty();

    wall.set(wall.instant().plus(Duration.ofDays(3)));
    clock.verified(); // of that there is a doubt
    assertThat(clock.unsureSince()).contains(BEGIN.plus(Duration.ofDays(1)));
  }

  /** Footage, and for how long it has been there. */
  private record Held(Instant stamp, Duration age) {}

  @RepeatedTest(300)
  void whateverSomebodySetsOrSettlesNothingIsEverOlderThanTheTimeThatWentBy(
      RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    TrustedClock now = clock;
    Instant truth = BEGIN;
    boolean wasVerified = false;
    List<Held> footage = new ArrayList<>();
    Duration corrections = Duration.ZERO;
    for (int i = 0; i < 100; i++) {
      Duration passed = Duration.ZERO;
      boolean isRight = wall.instant().equals(truth);
      switch (random.nextInt(8)) {
        case 0 -> {
          long hours = random.nextInt(random.nextBoolean() ? 200_000 : 2_000) - 1_000L;
          wall.set(wall.instant().plus(Duration.ofHours(Math.abs(hours) < 2 ? 2 : hours)));
          corrections = corrections.plus(TrustedClock.STEP); // it may come nearly where it was
        }
        case 1 -> {
          wall.set(truth);
          corrections = corrections.plus(TrustedClock.STEP);
        }
        case 2 -> { // off for a while, in which the wall clock goes on or stands
          Duration off = Duration.ofHours(random.nextInt(1_000));
          Instant then = wall.instant().plus(random.nextBoolean() ? off : Duration.ZERO);
          wall.set(then);
          passed = off;
          now = new TrustedClock(wall, wall::nanos, Optional.of(now.stamp()), now.unsureSince());
          corrections = corrections.plus(TrustedClock.STEP);
        }
        case 3 -> { // somebody settles it; but who knows that a stamp was right errs no more
          if (isRight || !wasVerified) {
            Settlement settlement = now.settlement();
            footage.replaceAll(held -> new Held(settlement.of(held.stamp()), held.age()));
            now.settle(settlement);
          }
        }
        case 4 -> {
          if (isRight) {
            now.verified();
            wasVerified = true;
          }
        }
        default -> {
          passed = Duration.ofSeconds(random.nextInt(100_000));
          wall.advance(passed);
          footage.add(new Held(now.receipts().instant(), Duration.ZERO));
        }
      }
      truth = truth.plus(passed);
      Duration time = passed;
      footage.replaceAll(held -> new Held(held.stamp(), held.age().plus(time)));
      for (Held held : footage) {
        assertThat(Duration.between(held.stamp(), now.now()))
            .isLessThanOrEqualTo(held.age().plus(corrections));
      }
    }
  }
}
