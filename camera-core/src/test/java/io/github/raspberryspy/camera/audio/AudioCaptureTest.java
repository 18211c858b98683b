package io.github.raspberryspy.camera.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AudioCaptureTest {

  /**
   * Whoever closes a segment would wait for its sound each time, for as long as the camera runs.
   */
  @Test
  void nobodyWaitsForTheSoundOfARunThatBeginsAfterTheThreadHasDied() {
    AudioConfig config = AudioConfig.of("test:");
    Supplier<AudioSource> broken =
        () -> {
          throw new LinkageError("the library of sound cannot be loaded");
        };
    try (AudioCapture capture = AudioCapture.of("front", config, broken, Duration.ZERO)) {
      AudioTrack first = capture.begin(System.nanoTime());
      capture.start();
      await().until(() -> capture.poll().isPresent());
      AudioTrack later = capture.begin(System.nanoTime());
      long before = System.nanoTime();
      assertThat(first.await(AudioTrack.RATE_HZ, Duration.ofSeconds(20))).isFalse();
      assertThat(later.await(AudioTrack.RATE_HZ, Duration.ofSeconds(20))).isFalse();
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    }
  }
}
