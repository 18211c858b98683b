package io.github.raspberryspy.segments.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CameraCredentialTest {

  private static final String SECRET = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

  @Test
  void readsItsText() {
    CameraCredential credential = CameraCredential.parse("front:" + SECRET);
    assertThat(credential.camera()).isEqualTo("front");
    assertThat(credential.token()).isEqualTo("front:" + SECRET);
    assertThat(CameraCredential.parse("front:" + SECRET + "\n")).isEqualTo(credential);
    assertThat(CameraCredential.parse("front:" + SECRET).hashCode())
        .isEqualTo(credential.hashCode());
  }

  @Test
  void hidesItsSecret() {
    assertThat(CameraCredential.parse("front:" + SECRET).toString())
        .startsWith("front")
        .doesNotContain(SECRET.substring(0, 4));
  }

  @Test
  void everyChangedBitOfTheMastersSecretMakesAnother() {
    byte[] secret = new byte[32];
    CameraCredential credential = CameraCredential.derive(secret, "front");
    assertThat(CameraCredential.derive(secret.clone(), "front")).isEqualTo(credential);
    assertThat(CameraCredential.derive(secret, "back")).isNotEqualTo(credential);
    for (int bit = 0; bit < 256; bit++) {
      byte[] other = secret.clone();
      other[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(CameraCredential.derive(other, "front")).isNotEqualTo(credential);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "front",
        "front:",
        "front:AAEC",
        "front:" + SECRET + "AA",
        "front:!" + SECRET,
        SECRET + ":front",
        "Front:" + SECRET,
        SECRET + ":" + SECRET,
      })
  void whatIsNoTokenIsRefusedWithoutRepeatingIt(String text) {
    assertThatThrownBy(() -> CameraCredential.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the camera's token")
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void aShortMastersSecretIsRefused() {
    assertThatThrownBy(() -> CameraCredential.derive(new byte[31], "front"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
