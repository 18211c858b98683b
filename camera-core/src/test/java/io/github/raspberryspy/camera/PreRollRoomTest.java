package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.encode.EncoderConfig;
import io.github.raspberryspy.camera.record.EventMode;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Memory for the pre-roll is granted as far as the heap allows, and it is said how far. */
class PreRollRoomTest {

  private static final long MIB = 1L << 20;

  private static PreRollRoom room(int preRollSeconds, int bitrateBps, long heapMib) {
    return PreRollRoom.of(
        Optional.of(new EventMode(Duration.ofSeconds(preRollSeconds), Duration.ofSeconds(5))),
        EncoderConfig.h264().bitrateBps(bitrateBps),
        heapMib * MIB);
  }

  @Test
  void withoutEventsItIsTheUsualWindow() {
    PreRollRoom room = PreRollRoom.of(Optional.empty(), EncoderConfig.h264(), 1024 * MIB);
    assertThat(room).isEqualTo(new PreRollRoom(16 * MIB, Optional.empty()));
  }

  @Test
  void aPreRollThatFitsIsGrantedWithHeadRoom() {
    assertThat(room(5, 4_000_000, 48)).isEqualTo(new PreRollRoom(16 * MIB, Optional.empty()));
    PreRollRoom room = room(60, 4_000_000, 1024);
    assertThat(room.problem()).isEmpty();
    assertThat(room.windowBytes()).isGreaterThan(60L * 4_000_000 / 8);
  }

  @Test
  void aPreRollThatDoesNotFitSaysHowMuchDoes() {
    PreRollRoom room = room(60, 4_000_000, 48);
    assertThat(room.windowBytes()).isEqualTo(16 * MIB);
    assertThat(room.problem())
        .contains(
            "a pre-roll of 60 s at 4000000 bit/s needs 47 MB of memory; 16 MB are granted, which"
                + " is about 15 s");
  }
}
