package io.github.raspberryspy.sink.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ClockOffsetTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private final ClockOffset offset = new ClockOffset();

  /** A camera whose clock is 3 s behind says its time, and that takes so long on its way. */
  private void heardAfter(long millis) {
    offset.heard(NOON.minusSeconds(3), NOON.plusMillis(millis));
  }

  @Test
  void whatTookLongOnItsWayMakesNoClockWrong() {
    assertThat(offset.value()).isEmpty();
    for (int late : new int[] {900, 20, 4000, 700}) {
      heardAfter(late);
    }
    assertThat(offset.value()).contains(Duration.ofMillis(-3020));
  }

  @Test
  void aClockThatWasSetIsRightOnceTheLatestTenSayIt() {
    heardAfter(0);
    for (int beat = 0; beat < 10; beat++) {
      offset.heard(NOON.minusMillis(5), NOON);
    }
    assertThat(offset.value()).contains(Duration.ofMillis(-5));
  }
}
