package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class WriteRateTest {

  private static final long START = Long.MAX_VALUE - Duration.ofMinutes(90).toNanos(); // wraps soon
  private static final long A_SECOND = 500_000;
  private static final long A_DAY = A_SECOND * 86_400;

  private final WriteRate rate = new WriteRate(START);
  private final WriteBudget budget = new WriteBudget(A_DAY - 1, START);

  @Test
  void nothingIsSaidWithinTheFirstMinute() {
    write(Duration.ZERO, Duration.ofSeconds(59));
    assertThat(rate.bytesADay(at(Duration.ofSeconds(59)))).isEmpty();
  }

  @Test
  void minutesAreReckonedUpToADay() {
    write(Duration.ZERO, Duration.ofMinutes(10));
    assertThat(rate.bytesADay(at(Duration.ofMinutes(10)))).hasValue(A_DAY);
    assertThat(rate.bytesADay(at(Duration.ofMinutes(20)))).hasValue(A_DAY / 2);
  }

  @Test
  void whatIsOlderThanADayIsForgotten() {
    write(Duration.ZERO, Duration.ofHours(30));
    assertThat(rate.bytesADay(at(Duration.ofHours(30)))).hasValue(A_DAY);
    OptionalLong later = rate.bytesADay(at(Duration.ofHours(42)));
    assertThat(later.orElseThrow()).isBetween(A_DAY * 11 / 24, A_DAY * 13 / 24);
    assertThat(rate.bytesADay(at(Duration.ofDays(40)))).hasValue(0);
  }

  @Test
  void aBudgetThatIsExceededIsToldOnceADayAndNotWithinTheFirstHour() {
    OptionalLong over = OptionalLong.of(A_DAY);
    assertThat(budget.look(over, at(Duration.ofMinutes(59)))).isEmpty();
    assertThat(budget.look(over, at(Duration.ofMinutes(61))))
        .hasValueSatisfying(said -> assertThat(said).contains("43.2 GB a day"));
    assertThat(budget.look(over, at(Duration.ofHours(24)))).isEmpty();
    assertThat(budget.look(over, at(Duration.ofHours(26)))).isPresent();
  }

  @Test
  void whatIsWithinTheBudgetOrHasNoneIsNotTold() {
    long late = at(Duration.ofDays(2));
    assertThat(budget.look(OptionalLong.of(A_DAY - 1), late)).isEmpty();
    assertThat(budget.look(OptionalLong.empty(), late)).isEmpty();
    assertThat(new WriteBudget(0, START).look(OptionalLong.of(A_DAY), late)).isEmpty();
  }

  private void write(Duration from, Duration to) {
    for (long second = from.toSeconds(); second < to.toSeconds(); second++) {
      rate.add(A_SECOND, at(Duration.ofSeconds(second)));
    }
  }

  private static long at(Duration sinceStart) {
    return START + sinceStart.toNanos();
  }
}
