package io.github.raspberryspy.camera.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AudioTrackTest {

  private static final AudioParameters AAC =
      new AudioParameters(AudioCodec.AAC, 1, 1024, 1024, new byte[0]);

  private final AudioTrack track = new AudioTrack(AAC, 5_000_000_000L, Duration.ofSeconds(1));

  private void append(int packets) {
    for (int i = 0; i < packets; i++) {
      track.append(new AudioPacket(new byte[1], i * 1024L, 1024));
    }
  }

  @Test
  void aPacketBelongsWhereItBegins() {
    append(10);
    assertThat(track.from(1024, 3072))
        .extracting(AudioPacket::startSample)
        .containsExactly(1024L, 2048L);
    assertThat(track.from(1025, 3073))
        .extracting(AudioPacket::startSample)
        .containsExactly(2048L, 3072L);
    assertThat(track.from(0, 1)).hasSize(1);
    assertThat(track.from(20_000, 30_000)).isEmpty();
  }

  @Test
  void theOldestIsForgottenOnceThereIsEnough() {
    append(1000);
    assertThat(track.from(0, Long.MAX_VALUE)).hasSizeBetween(47, 49);
  }

  @Test
  void itIsNotWaitedForLongerThanIsAllowedNorAfterItsEnd() {
    append(2);
    assertThat(track.await(2048, Duration.ZERO)).isTrue();
    assertThat(track.await(2049, Duration.ofMillis(20))).isFalse();
    track.end();
    long began = System.nanoTime();
    assertThat(track.await(2049, Duration.ofSeconds(60))).isFalse();
    assertThat(System.nanoTime() - began).isLessThan(30_000_000_000L);
  }

  @Test
  void samplesAreCountedFromTheRunsFirstPicture() {
    assertThat(AudioTrack.sampleAt(1_000_000)).isEqualTo(48_000);
    assertThat(AudioTrack.sampleAt(33_333)).isEqualTo(1600);
    assertThat(AudioTrack.sampleAt(-1_000_000)).isEqualTo(-48_000);
    assertThat(track.sampleAtNanos(6_500_000_000L)).isEqualTo(72_000);
    assertThat(track.sampleAtNanos(4_000_000_000L)).isEqualTo(-48_000);
  }

  /** A card that hangs would hold up the end of each segment otherwise. */
  @Test
  void soundThatWasWaitedForInVainIsNotWaitedForAgainUntilSomeComes() {
    append(1);
    assertThat(track.await(48_000, Duration.ofMillis(1))).isFalse();
    long before = System.nanoTime();
    assertThat(track.await(96_000, Duration.ofSeconds(20))).isFalse();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    append(100);
    assertThat(track.await(48_000, Duration.ZERO)).isTrue();
  }
}
