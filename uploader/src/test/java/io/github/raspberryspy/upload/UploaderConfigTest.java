package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.segments.wire.CameraCredential;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploaderConfigTest {

  private static final CameraCredential CREDENTIAL = CameraCredential.derive(new byte[32], "front");

  private static UploaderConfig.Builder builder(String master) {
    return UploaderConfig.builder(URI.create(master), CREDENTIAL);
  }

  @Test
  void hasDefaults() {
    UploaderConfig config = builder("https://master.example:8443").build();
    assertThat(config.chunkBytes()).isEqualTo(1 << 20);
    assertThat(config.retryFirst()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.retryMost()).isEqualTo(Duration.ofSeconds(60));
    assertThat(config.heartbeat()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.random().getAsDouble()).isBetween(0.0, 1.0);
  }

  @Test
  void appendsPathsToItsOwn() {
    assertThat(builder("http://h:1").build().address("/api")).hasToString("http://h:1/api");
    assertThat(builder("http://h:1/").build().address("/api")).hasToString("http://h:1/api");
    assertThat(builder("http://h/x/").build().address("/api")).hasToString("http://h/x/api");
  }

  @Test
  void hidesTheSecret() {
    String secret = CREDENTIAL.token().substring("front:".length());
    assertThat(builder("http://h:1").build().toString()).contains("front").doesNotContain(secret);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://h",
        "h:1",
        "/x",
        "http:x",
        "http://u:p@h/",
        "http://h/?q",
        "http://h/#f",
        ""
      })
  void refusesOtherAddresses(String master) {
    assertThatThrownBy(() -> builder(master).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("master")
        .hasMessageNotContaining("u:p");
  }

  @Test
  void namesTheKeyAndTheRange() {
    assertThatThrownBy(() -> builder("http://h").chunkBytes(0).build())
        .hasMessage("chunkBytes 0 is not within 1 to 1048576");
    assertThatThrownBy(() -> builder("http://h").chunkBytes((1 << 20) + 1).build())
        .hasMessageStartingWith("chunkBytes");
    assertThatThrownBy(() -> builder("http://h").connectTimeout(Duration.ZERO).build())
        .hasMessageStartingWith("connectTimeout");
    assertThatThrownBy(() -> builder("http://h").sealTimeout(Duration.ofDays(2)).build())
        .hasMessageStartingWith("sealTimeout");
    assertThatThrownBy(
            () -> builder("http://h").retry(Duration.ofSeconds(2), Duration.ofSeconds(1)).build())
        .hasMessageStartingWith("retryMost");
  }
}
