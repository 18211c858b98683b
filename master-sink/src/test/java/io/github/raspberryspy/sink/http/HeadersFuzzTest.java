package io.github.raspberryspy.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

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
