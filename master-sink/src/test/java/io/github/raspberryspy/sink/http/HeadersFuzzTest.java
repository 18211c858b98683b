package io.github.raspberryspy.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.raspberryspy.sink.auth.Device;
import io.github.raspberryspy.sink.index.SegmentPosition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Headers of uploads are read, or refused with a problem of the client's; nothing else happens. */
class HeadersFuzzTest {

  @FuzzTest
  void metadata(byte[] data) {
    try {
      Metadata metadata = Metadata.parse(new String(data, StandardCharsets.ISO_8859_1));
      assertThat(metadata.text("id").orElse("none")).isNotNull();
    } catch (Problem e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  /** Whatever a proxy passes on, what is noted is an address: no markup, no line of a log. */
  @FuzzTest
  void forwarded(byte[] data) {
    String said = new String(data, StandardCharsets.ISO_8859_1);
    assertThat(Cookies.address("127.0.0.1", said)).matches("[0-9A-Fa-f.:]{2,45}");
    assertThat(Cookies.address("192.0.2.1", said)).isEqualTo("192.0.2.1");
  }

  @FuzzTest
  void browser(byte[] data) {
    Device device =
        Device.of(Optional.of(new String(data, StandardCharsets.ISO_8859_1)), "127.0.0.1");
    assertThat(device.browser()).isNotBlank().hasSizeLessThan(100);
  }

  @FuzzTest
  void range(byte[] data) {
    VideoAnswer.Range range =
        VideoAnswer.range(new String(data, StandardCharsets.ISO_8859_1), 1000);
    if (range != null) {
      assertThat(range.first()).isNotNegative();
      assertThat(range.last()).isLessThan(1000);
    }
  }

  @FuzzTest
  void position(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    try {
      SegmentPosition position = SegmentPosition.parse(text);
      assertThat(SegmentPosition.parse(position.toString())).isEqualTo(position);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @FuzzTest
  void checksum(byte[] data) {
    try {
      Checksum checksum = Checksum.parse(new String(data, StandardCharsets.ISO_8859_1));
      assertThat(checksum.isOf(ByteBuffer.wrap(data))).isFalse();
    } catch (Problem e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
