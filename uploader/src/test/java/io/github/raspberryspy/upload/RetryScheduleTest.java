package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void theCeilingDoublesUpToTheLast() {
    RetrySchedule schedule = new RetrySchedule(SECOND, MINUTE, () -> 1);
    for (long seconds : new long[] {1, 2, 4, 8, 16, 32, 60, 60}) {
      assertThat(schedule.next()).isEqualTo(Duration.ofSeconds(seconds));
    }
    for (int i = 0; i < 200; i++) {
      assertThat(schedule.next()).isEqualTo(MINUTE);
    }
  }

  @Test
  void successStartsAnew() {
    RetrySchedule schedule = new RetrySchedule(SECOND, MINUTE, () -> 1);
    schedule.next();
    schedule.next();
    schedule.reset();
    assertThat(schedule.next()).isEqualTo(SECOND);
  }

  @Test
  void thePausesAreSpreadOverTheWholeRange() {
    Random random = new Random(1);
    RetrySchedule schedule = new RetrySchedule(SECOND, MINUTE, random::nextDouble);
    long low = 0;
    for (int i = 0; i < 10_000; i++) {
      Duration pause = schedule.next();
      assertThat(pause).isBetween(Duration.ofMillis(100), MINUTE);
      low += pause.compareTo(MINUTE.dividedBy(2)) < 0 ? 1 : 0;
    }
    assertThat(low).isBetween(4500L, 5500L);
  }

  @Test
  void numbersOutsideZeroToOneAreClamped() {
    assertThat(new RetrySchedule(SECOND, MINUTE, () -> -7).next())
        .isEqualTo(Duration.ofMillis(100));
    assertThat(new RetrySchedule(SECOND, MINUTE, () -> 7).next()).isEqualTo(SECOND);
  }

  @Test
  void longCeilingsDoNotOverflow() {
    RetrySchedule schedule =
        new RetrySchedule(Duration.ofHours(10), Duration.ofDays(100_000), () -> 1);
    for (int i = 0; i < 100; i++) {
      assertThat(schedule.next()).isPositive();
    }
  }

  @Test
  void pausesThatFallAreRefused() {
    assertThatThrownBy(() -> new RetrySchedule(MINUTE, SECOND, () -> 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RetrySchedule(Duration.ZERO, SECOND, () -> 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
