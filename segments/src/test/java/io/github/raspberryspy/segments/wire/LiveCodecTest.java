package io.github.raspberryspy.segments.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.wire.LiveMessage.Fragment;
import io.github.raspberryspy.segments.wire.LiveMessage.Init;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveCodecTest {

  private static final Instant TIME = Instant.parse("2026-11-28T03:00:00.123456Z");

  private static ByteBuffer payload() {
    return ByteBuffer.wrap(new byte[] {1, 2, 3});
  }

  private static ByteBuffer encode(LiveMessage message) {
    ByteBuffer head = LiveCodec.head(message);
    ByteBuffer payload = message.payload().duplicate();
    return ByteBuffer.allocate(head.remaining() + payload.remaining())
        .put(head)
        .put(payload)
        .flip();
  }

  @Test
  void whatIsWrittenIsReadBack() throws Exception {
    for (LiveMessage message :
        new LiveMessage[] {
          new Init("avc1.64001f", 65_535, 1, TIME, payload()),
          new Fragment(true, 5_000_000_000L, TIME, payload()),
          new Fragment(false, 0, TIME, payload())
        }) {
      assertThat(LiveCodec.decode(encode(message))).isEqualTo(message);
    }
  }

  @Test
  void whatIsCutOffOrUnknownIsRefusedInOneSentence() {
    ByteBuffer whole = encode(new Init("avc1.64001f", 2, 2, TIME, payload()));
    for (int length = 0; length <= whole.limit() - 3; length++) {
      ByteBuffer cut = whole.duplicate().limit(length);
      assertThatThrownBy(() -> LiveCodec.decode(cut)).isInstanceOf(ManifestException.class);
    }
    assertThatThrownBy(() -> LiveCodec.decode(ByteBuffer.allocate(30)))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("kind 0");
  }

  /** Several of them are kept, of which nobody but a camera says how long they are. */
  @Test
  void aBeginningThatNoStreamHasIsRefused() {
    ByteBuffer large = ByteBuffer.allocate(LiveCodec.MOST_INIT_BYTES);
    assertThatThrownBy(() -> LiveCodec.decode(encode(new Init("avc1.64001f", 2, 2, TIME, large))))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("begins with at most 65536 bytes");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anyBytesAreReadOrRefused(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      if (bytes.length > 0) {
        bytes[0] = (byte) random.nextInt(6);
      }
      try {
        assertThat(LiveCodec.decode(ByteBuffer.wrap(bytes)).payload().hasRemaining()).isTrue();
      } catch (ManifestException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }
}
