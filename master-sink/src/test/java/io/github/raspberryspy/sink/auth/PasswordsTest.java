package io.github.raspberryspy.sink.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.bouncycastle.util.encoders.Hex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {

  private static final String GOOD = "seven wet herons";
  private final Passwords passwords = new Passwords(new Passwords.Cost(64, 1, 1));

  @Test
  void onlyTheSamePasswordMatchesFromEveryKeyboard() {
    String stored = passwords.hash("zwölf Äpfel im Korb");
    assertThat(stored).startsWith("$argon2id$v=19$m=64,t=1,p=1$").doesNotContain("Korb");
    assertThat(passwords.matches("zwölf Äpfel im Korb", stored)).isTrue();
    assertThat(passwords.matches("zwo\u0308lf A\u0308pfel im Korb", stored)).isTrue();
    assertThat(passwords.matches("zwölf Äpfel im korb", stored)).isFalse();
    assertThat(passwords.hash(GOOD)).isNotEqualTo(passwords.hash(GOOD));
  }

  @Test
  void hashesKeepTheirParametersWhenThoseGrow() {
    String stored = passwords.hash(GOOD);
    Passwords stronger = new Passwords(new Passwords.Cost(128, 2, 1));
    assertThat(stronger.matches(GOOD, stored)).isTrue();
    assertThat(stronger.isOutdated(stored)).isTrue();
    assertThat(passwords.isOutdated(stored)).isFalse();
  }

  @Test
  void todaysParametersAreOwasps() {
    assertThat(new Passwords(Passwords.Cost.NOW).hash(GOOD))
        .startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
  }

  /** Source: RFC 9106, 5.3. */
  @Test
  void theLibraryIsArgon2id() {
    Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
    argon2.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(32)
            .withIterations(3)
            .withParallelism(4)
            .withSalt(Hex.decode("02".repeat(16)))
            .withSecret(Hex.decode("03".repeat(8)))
            .withAdditional(Hex.decode("04".repeat(12)))
            .build());
    byte[] tag = new byte[32];
    argon2.generateBytes(Hex.decode("01".repeat(32)), tag);
    assertThat(Hex.toHexString(tag))
        .isEqualTo("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
  }

  @Test
  void damagedHashIsSaid() {
    assertThatThrownBy(() -> passwords.matches(GOOD, "plain"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageNotContaining("plain");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "elevenchars",
        "aaaaaaaaaaaaa",
        "121212121212",
        "abcdefghijklm",
        "123456789012",
        "qwertyuiopas",
        "Password1234",
        "raspberryspy1",
        "AdaLovelace12",
        "abcabcabcabcabc"
      })
  void whatAnybodyWouldTryFirstIsRefused(String password) {
    assertThat(Passwords.weakness("Ada Lovelace", password.replace("AdaL", "Ada L"))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        GOOD,
        "correct horse battery staple",
        "tXq8#mPz!w2L",
        "\u96e8\u306e\u65e5\u306b\u306f\u5bb6\u3067\u8336\u3092\u98f2\u3080\u3088\u306d"
      })
  void anythingElseOfTwelveCharactersWillDo(String password) {
    assertThat(Passwords.weakness("Ada", password)).isEmpty();
  }
}
