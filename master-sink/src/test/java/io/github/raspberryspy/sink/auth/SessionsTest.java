package io.github.raspberryspy.sink.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.sink.ManualClock;
import io.github.raspberryspy.sink.index.KnownSession;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionsTest {

  private static final Device DEVICE =
      Device.of(
          Optional.of("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
          "127.0.0.1");

  @TempDir Path folder;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-23T12:00:00Z"));

  private SegmentIndex index;
  private Sessions sessions;

  /** A new index. */
  SegmentIndex openIndex() throws IOException {
    return SegmentIndex.open(folder.resolve("index.db"));
  }

  @BeforeEach
  void open() throws IOException {
    index = openIndex();
    sessions = new Sessions(index.people().sessions(), clock);
  }

  @AfterEach
  void close() {
    index.close();
  }

  private Optional<KnownSession> used(String id) {
    return sessions.use(id, DEVICE.address());
  }

  @Test
  void tokenIsLongRandomAndReusableAndEachUseIsASessionOfItsOwn() {
    String one = sessions.signIn(sessions.signInToken(), DEVICE).orElseThrow();
    String two = sessions.signIn(sessions.signInToken(), DEVICE).orElseThrow();

    assertThat(sessions.signInToken()).hasSizeGreaterThanOrEqualTo(22); // 128 bits in base64
    assertThat(one).isNotEqualTo(two);
    assertThat(used(one)).isPresent();
    assertThat(used(two)).isPresent();
    assertThat(used(sessions.signInToken())).isEmpty();
  }

  @Test
  void sessionOutlivesTheProcessButItsLinkDoesNot() {
    String token = sessions.signInToken();
    String id = sessions.signIn(token, DEVICE).orElseThrow();

    sessions = new Sessions(index.people().sessions(), clock);

    assertThat(used(id)).isPresent();
    assertThat(sessions.signIn(token, DEVICE)).isEmpty();
    sessions.endLink();
    assertThat(used(id)).isEmpty();
  }

  @Test
  void sessionEnds() {
    String session = sessions.open(Optional.empty(), DEVICE);

    clock.advance(Sessions.LIFE);

    assertThat(used(session)).isEmpty();
    assertThat(sessions.all()).isEmpty();
  }

  @Test
  void wrongTokensOpenNothing() {
    assertThat(sessions.signIn("", DEVICE)).isEmpty();
    assertThat(sessions.signIn(sessions.signInToken() + "x", DEVICE)).isEmpty();
    assertThat(used("")).isEmpty();
  }

  @Test
  void anEndCountsAtOnceAndOthersGoOn() {
    String one = sessions.open(Optional.empty(), DEVICE);
    String two = sessions.open(Optional.empty(), DEVICE);
    String three = sessions.open(Optional.empty(), DEVICE);
    KnownSession kept = used(two).orElseThrow();

    sessions.end(used(one).orElseThrow());
    assertThat(used(one)).isEmpty();
    assertThat(used(three)).isPresent();

    sessions.endOthers(kept);
    assertThat(used(three)).isEmpty();
    assertThat(used(two)).isPresent();
  }

  @Test
  void anEndThatAnotherProcessWroteCountsWithinSeconds() {
    String id = sessions.open(Optional.empty(), DEVICE);
    KnownSession session = used(id).orElseThrow();

    index.people().sessions().end(session.hash());
    clock.advance(Sessions.FRESH);

    assertThat(used(id)).isEmpty();
  }

  @Test
  void theDatabaseHoldsNoIdAndKnowsTheLastUse() {
    String id = sessions.open(Optional.empty(), DEVICE);
    clock.advance(Duration.ofMinutes(5));
    sessions.use(id, "192.0.2.7");

    KnownSession listed = sessions.all().get(0);
    assertThat(listed.used()).isEqualTo(clock.instant());
    assertThat(listed.address()).isEqualTo("192.0.2.7");
    assertThat(listed.browser()).isEqualTo("Firefox on Linux");
    assertThat(listed.toString()).doesNotContain(id);
  }

  @Test
  void ofManySessionsTheLongestUnusedAreForgotten() {
    String first = sessions.open(Optional.empty(), DEVICE);
    for (int i = 0; i < 101; i++) {
      clock.advance(Duration.ofSeconds(1));
      sessions.open(Optional.empty(), DEVICE);
    }
    String last = sessions.open(Optional.empty(), DEVICE);
    assertThat(used(last)).isPresent();
    assertThat(used(first)).isEmpty();
    assertThat(sessions.all()).hasSizeLessThanOrEqualTo(101);
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
