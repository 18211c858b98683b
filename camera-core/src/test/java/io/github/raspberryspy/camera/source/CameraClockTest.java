package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.raspberryspy.camera.internal.Natives;
import java.util.Random;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.global.avcodec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The times of a live camera whose clock is set, or whose packets are late. */
class CameraClockTest {

  private static final long SECOND = 1_000_000;
  private static final long INTERVAL_US = 40_000;

  private final Timeline timeline = new Timeline();
  private AVPacket packet;
  private long lastUs = Long.MIN_VALUE;

  @BeforeEach
  void makePacket() {
    Natives.load();
    packet = avcodec.av_packet_alloc();
    timeline.expect(INTERVAL_US, 0);
  }

  @AfterEach
  void freePacket() {
    avcodec.av_packet_free(packet);
  }

  private long place(long us, long arrivedUs) {
    packet.pts(us).dts(us).duration(INTERVAL_US);
    timeline.place(packet, arrivedUs);
    assertThat(packet.dts()).isGreaterThan(lastUs);
    assertThat(packet.pts()).isEqualTo(packet.dts());
    lastUs = packet.dts();
    return lastUs;
  }

  @ParameterizedTest
  @ValueSource(longs = {3600, -3600, 20, -20, -2})
  void aClockThatIsSetDoesNotChangeTheTime(long seconds) {
    Random random = new Random(3);
    for (long made = 0; made < 600 * SECOND; made += INTERVAL_US) {
      long set = made < 300 * SECOND ? 0 : seconds * SECOND;
      long arrived = made + 5_000 + random.nextInt(100_000);
      assertThat(place(7_000_000_000L + made + set, arrived))
          .as("made at %d", made)
          .isCloseTo(made, within(150_000L));
    }
  }

  /** A line that fails for half a minute, and then delivers what was kept, or the latest of it. */
  @ParameterizedTest
  @ValueSource(longs = {0, 10, 20, 30})
  void packetsThatComeLateKeepTheirTime(long lostSeconds) {
    for (long made = 0; made < 120 * SECOND; made += INTERVAL_US) {
      boolean isLost = made > 35 * SECOND && made <= (35 + lostSeconds) * SECOND;
      if (!isLost) {
        long arrived = made > 30 * SECOND && made < 65 * SECOND ? 65 * SECOND : made;
        assertThat(place(made, arrived)).isEqualTo(made);
      }
    }
  }

  @Test
  void aStreamThatPausesGoesOnLater() {
    place(0, 0);
    place(INTERVAL_US, INTERVAL_US);
    assertThat(place(3600 * SECOND, 3600 * SECOND)).isEqualTo(3600 * SECOND);
  }

  /** As servers do that keep the latest pictures for who comes new. */
  @Test
  void picturesThatWereKeptForTheFirstMomentKeepTheirTime() {
    for (long made = 0; made < 20 * SECOND; made += INTERVAL_US) {
      assertThat(place(made, Math.max(0, made - 4 * SECOND))).isEqualTo(made);
    }
  }
}
