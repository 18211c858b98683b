package io.github.raspberryspy.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lengths of time as people write them. */
class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "0s, PT0S",
    "500ms, PT0.5S",
    "10s, PT10S",
    "' 5m ', PT5M",
    "1h, PT1H",
    "30d, P30D",
    "36500d, P36500D",
    "999999999ms, PT277H46M39.999S"
  })
  void aNumberAndAUnitAreALengthOfTime(String text, Duration time) {
    assertThat(Durations.parse(text)).isEqualTo(time);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "s", "-5s", "1.5h", "1h30m", "5 s", "5S", "1w", "1000000000ms", "٣s"})
  void anythingElseIsShownWithExamples(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("\"%s\" is not a length of time such as 500ms, 10s, 5m, 1h or 30d", text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"36501d", "999999999d", "999999999h"})
  void moreThanAHundredYearsIsRefusedBecauseNanosecondsWouldOverflow(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .hasMessage("\"%s\" is longer than 36500d", text);
    assertThat(Durations.parse("36500d").toNanos()).isPositive();
  }
}
