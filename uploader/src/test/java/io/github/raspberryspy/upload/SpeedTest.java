package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SpeedTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  @Test
  void isKnownAfterASecond() {
    Speed speed = new Speed();
    assertThat(speed.read(0, 5)).isEmpty();
    assertThat(speed.read(100, 5 + SECOND / 2)).isEmpty();
    assertThat(speed.read(300, 5 + SECOND)).hasValue(300);
  }

  @Test
  void isThatOfTheLastHalfMinute() {
    Speed speed = new Speed();
    for (int i = 0; i <= 100; i++) {
      speed.read(1000L * i, i * SECOND);
    }
    for (int i = 1; i <= 40; i++) {
      speed.read(100_000 + 10L * i, (100 + i) * SECOND);
    }
    assertThat(speed.read(100_400, 140 * SECOND)).hasValue(10);
  }

  @Test
  void readingOftenCostsNoMemoryAndChangesNothing() {
    Speed speed = new Speed();
    for (int i = 0; i <= 100_000; i++) {
      speed.read(i, i * SECOND / 1000);
    }
    assertThat(speed.read(100_000, 100 * SECOND)).hasValue(1000);
  }
}
