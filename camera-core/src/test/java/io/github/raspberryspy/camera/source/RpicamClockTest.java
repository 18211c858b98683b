package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RpicamClockTest {

  private static final long INTERVAL_US = 33_333;
  private static final long START = 1_000_000_000_000L;

  private final RpicamClock clock = new RpicamClock(INTERVAL_US);

  @Test
  void theFirstPictureIsAtZeroAndItsArrivalIsKnown() {
    assertThat(clock.place(START)).isZero();
    assertThat(clock.nanos(5)).isEqualTo(START + 5000);
  }

  @Test
  void theUnrestOfThePipeIsSmoothedAndDoesNotAddUp() {
    Random random = new Random(3);
    List<Long> steps = new ArrayList<>();
    long last = clock.place(START);
    for (int i = 1; i <= 3000; i++) {
      long jitter = random.nextInt(16_000) - 8_000L;
      long us = clock.place(START + (i * INTERVAL_US + jitter) * 1000);
      steps.add(us - last);
      last = us;
    }
    assertThat(steps).allMatch(step -> Math.abs(step - INTERVAL_US) < 5_000);
    assertThat(Math.abs(last - 3000 * INTERVAL_US)).isLessThan(10_000);
  }

  @Test
  void aCameraThatIsSlowerThanItSaysIsFollowed() {
    long last = 0;
    for (int i = 0; i <= 300; i++) {
      last = clock.place(START + i * 40_000_000L);
    }
    assertThat(Math.abs(last - 300 * 40_000L)).isLessThan(60_000);
  }

  @Test
  void aHoleStaysAHole() {
    clock.place(START);
    clock.place(START + INTERVAL_US * 1000);
    assertThat(clock.place(START + 1_000_000_000)).isEqualTo(1_000_000);
  }

  @Test
  void picturesThatArriveTogetherStillFollowEachOther() {
    long last = -1;
    for (int i = 0; i < 10; i++) {
      long us = clock.place(START);
      assertThat(us).isGreaterThan(last);
      last = us;
    }
  }
}
