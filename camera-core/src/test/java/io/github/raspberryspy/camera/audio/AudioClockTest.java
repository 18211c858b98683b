package io.github.raspberryspy.camera.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AudioClockTest {

  private static final int SECOND = AudioTrack.RATE_HZ;
  private static final int PAUSE = SECOND / 100;

  private final AudioClock clock = new AudioClock();
  private final Random random = new Random(3);
  private double error; // samples that the sound lags behind, by the clocks alone
  private double pending; // of a correction, spread over a second
  private double perPause;
  private long now;

  /** Reads for so many seconds what a card gives whose clock is off by so many millionths. */
  private long run(int seconds, double ppm) {
    long largest = 0;
    for (long end = now + (long) seconds * SECOND; now < end; now += PAUSE) {
      error -= PAUSE * ppm / 1e6;
      double part = Math.abs(pending) < Math.abs(perPause) ? pending : perPause;
      error -= part;
      pending -= part;
      int lateness = random.nextInt(5 * PAUSE); // up to 50 ms
      if (random.nextInt(20) == 0) {
        lateness = 0;
      }
      switch (clock.observe(now, Math.round(error) + lateness)) {
        case STRETCH -> {
          assertThat(Math.abs(clock.amount())).isLessThanOrEqualTo(SECOND / 200);
          pending = clock.amount();
          perPause = pending / 100;
        }
        case JUMP -> {
          error -= clock.amount();
          pending = 0;
        }
        case NOTHING -> {
          // in step
        }
      }
      largest = Math.max(largest, Math.abs(Math.round(error)));
    }
    return largest;
  }

  @ParameterizedTest
  @ValueSource(doubles = {-500, -100, -20, 0, 20, 100, 500})
  void aCardWhoseClockIsOffIsKeptWithinFiveMilliseconds(double ppm) {
    run(10, ppm);
    assertThat(run(3600, ppm)).isLessThan(5 * SECOND / 1000);
  }

  @Test
  void aCardThatIsInStepIsLeftAlone() {
    run(60, 0);
    assertThat(error).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {30, -30, 90, -90})
  void aPlaceThatWasWrongFromTheStartIsCorrectedWithoutAJump(int ms) {
    error = ms * SECOND / 1000.0;
    run(60, 0);
    assertThat(Math.abs(error)).isLessThan(3 * SECOND / 1000.0);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, -400, 5000})
  void whatWasLostOrComesTwiceIsPutRightAtOnce(int ms) {
    run(10, 0);
    error += ms * SECOND / 1000.0;
    run(3, 0);
    assertThat(Math.abs(error)).isLessThan(60 * SECOND / 1000.0);
    run(60, 0);
    assertThat(Math.abs(error)).isLessThan(3 * SECOND / 1000.0);
  }

  @Test
  void aMachineThatIsBusyForHalfASecondIsNoError() {
    run(10, 0);
    for (int i = 0; i < 40; i++) {
      now += PAUSE;
      assertThat(clock.observe(now, Math.round(error) + SECOND / 2))
          .isEqualTo(AudioClock.Action.NOTHING);
    }
    run(60, 0);
    assertThat(Math.abs(error)).isLessThan(3 * SECOND / 1000.0);
  }
}
