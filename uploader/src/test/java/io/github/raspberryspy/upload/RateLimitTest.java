package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateLimitTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  @Test
  void eachWaitsForThoseBeforeIt() {
    RateLimit limit = new RateLimit(1000);
    long now = -5 * SECOND; // a clock may be anywhere
    assertThat(limit.reserve(500, now)).isZero();
    assertThat(limit.reserve(250, now)).isEqualTo(SECOND / 2);
    assertThat(limit.reserve(1, now + SECOND / 4)).isEqualTo(SECOND / 2);
  }

  @Test
  void whatWasNotUsedIsNotSavedUp() {
    RateLimit limit = new RateLimit(1000);
    assertThat(limit.reserve(1000, 0)).isZero();
    assertThat(limit.reserve(1000, 100 * SECOND)).isZero();
    assertThat(limit.reserve(1000, 100 * SECOND)).isEqualTo(SECOND);
  }

  @Test
  void withoutALimitNothingWaits() {
    RateLimit limit = new RateLimit(0);
    for (int i = 0; i < 5; i++) {
      assertThat(limit.reserve(Integer.MAX_VALUE, 7)).isZero();
    }
  }

  /** Over any time no more goes than the rate and one sending. */
  @Test
  void theRateIsKeptWhateverTheSizes() {
    Random random = new Random(1);
    RateLimit limit = new RateLimit(10_000);
    long now = 0;
    long sent = 0;
    while (now < 60 * SECOND) {
      int bytes = 1 + random.nextInt(5000);
      now += limit.reserve(bytes, now);
      assertThat(sent).isLessThanOrEqualTo((long) (10_000.0 * now / SECOND) + 1);
      sent += bytes;
      now += random.nextInt(1000); // the sending itself
    }
    assertThat(sent).as("and hardly less").isGreaterThan(60 * 10_000 - 10_000);
  }
}
