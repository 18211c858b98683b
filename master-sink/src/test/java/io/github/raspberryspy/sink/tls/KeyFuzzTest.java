package io.github.raspberryspy.sink.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A key that its owner brings is read, or refused in a sentence; nothing else happens. */
class KeyFuzzTest {

  @FuzzTest
  void pem(byte[] data) {
    try {
      ServerKey key = ServerKey.parse(new String(data, StandardCharsets.ISO_8859_1), "it");
      assertThat(key.pin()).hasSize(32);
    } catch (IOException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
