package io.github.raspberryspy.sink.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.sink.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionsTest {

  @TempDir Path folder;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-23T12:00:00Z"));

  @Test
  void tokenIsLongRandomAndReusableAndEachUseIsASessionOfItsOwn() {
    Sessions sessions = new Sessions(clock);

    String one = sessions.signIn(sessions.signInToken()).orElseThrow();
    String two = sessions.signIn(sessions.signInToken()).orElseThrow();

    assertThat(sessions.signInToken()).hasSizeGreaterThanOrEqualTo(22); // 128 bits in base64
    assertThat(one).isNotEqualTo(two);
    assertThat(sessions.isSignedIn(one)).isTrue();
    assertThat(sessions.isSignedIn(two)).isTrue();
    assertThat(sessions.isSignedIn(sessions.signInToken())).isFalse();
    assertThat(new Sessions(clock).isSignedIn(one)).isFalse();
  }

  @Test
  void sessionEnds() {
    Sessions sessions = new Sessions(clock);
    String session = sessions.signIn(sessions.signInToken()).orElseThrow();

    clock.advance(Sessions.LIFE);

    assertThat(sessions.isSignedIn(session)).isFalse();
  }

  @Test
  void wrongTokensOpenNothing() {
    Sessions sessions = new Sessions(clock);

    assertThat(sessions.signIn("")).isEmpty();
    assertThat(sessions.signIn(sessions.signInToken() + "x")).isEmpty();
    assertThat(sessions.isSignedIn("")).isFalse();
  }

  @Test
  void manySignInsAreForgottenRatherThanKept() {
    Sessions sessions = new Sessions(clock);
    for (int i = 0; i < 12_000; i++) {
      sessions.signIn(sessions.signInToken());
    }
    String last = sessions.signIn(sessions.signInToken()).orElseThrow();
    assertThat(sessions.isSignedIn(last)).isTrue();
  }

  @Test
  void secretThatIsDrawnByManyAtOnceIsOne() {
    Set<CameraCredential> drawn = new HashSet<>();
    IntStream.range(0, 8)
        .parallel()
        .mapToObj(
            i -> {
              try {
                return MasterSecret.openOrCreate(folder).credential("front");
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            })
        .toList()
        .forEach(drawn::add);
    assertThat(drawn).hasSize(1);
  }

  @Test
  void damagedSecretIsSaidAndNotReplaced() throws Exception {
    MasterSecret secret = MasterSecret.openOrCreate(folder);
    assertThat(secret.accepts(secret.credential("front"))).isTrue();
    Path file = folder.resolve("master.secret");
    for (String damage : Stream.of("", "short", "not base64!").toList()) {
      Files.writeString(file, damage);
      assertThatThrownBy(() -> MasterSecret.openOrCreate(folder))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("damaged");
    }
  }
}
