package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A day of packets from a camera whose clock is off, over a network that delays them. */
class ArrivalClockTest {

  private static final long INTERVAL_US = 40_000;
  private static final long DAY = 24L * 3600 * 1_000_000 / INTERVAL_US;

  @ParameterizedTest
  @ValueSource(doubles = {0, 50e-6, -50e-6, 150e-6})
  void afterADayTheTimeOfPacketsIsStillTheirArrivalAndItNeverWentBack(double off) {
    ArrivalClock clock = new ArrivalClock();
    Random random = new Random(7);
    long last = -1;
    for (long i = 0; i < DAY; i++) {
      long us = i * INTERVAL_US;
      long made = Math.round(us * (1 + off)); // by the computer's clock
      long arrived = made + 5_000 + (long) (random.nextDouble() * random.nextDouble() * 200_000);
      long corrected = us + clock.correct(us, arrived);
      if (i > 0) {
        assertStep(corrected - last);
      }
      last = corrected;
      if (i % 100_000 == 0) {
        assertThat(corrected - made).as("packet %d", i).isCloseTo(0L, within(30_000L));
      }
    }
  }

  /** Packets of sound-like frequency: what is made good of each is less than a microsecond. */
  @Test
  void packetsThatFollowFastAreKeptInStepToo() {
    ArrivalClock clock = new ArrivalClock();
    long corrected = 0;
    long made = 0;
    for (long us = 0; us < 12L * 3600 * 1_000_000; us += 4_000) {
      made = Math.round(us * (1 + 50e-6));
      corrected = us + clock.correct(us, made + 5_000);
    }
    assertThat(corrected - made).isCloseTo(0L, within(30_000L));
  }

  private static void assertStep(long us) {
    if (Math.abs(us - INTERVAL_US) > INTERVAL_US / 1000) {
      throw new AssertionError("from one packet to the next it went on by " + us + " us");
    }
  }
}
