package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.sink.http.StandbyServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** S12: who is nobody's camera and nobody's guest keeps neither out, however many they are. */
@Timeout(120)
class StrangersTest {

  private static final int MANY = 2_000;
  private static final Duration LATE = Duration.ofSeconds(11);
  private static final String HALF = "GET / HTTP/1.1\r\nHost: x\r\nX-A: ";

  @TempDir Path footage;

  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-23T15:00:00Z"));
  private TestMaster master;

  @BeforeEach
  void start() throws IOException {
    master = TestMaster.start(footage, config -> config.clock(clock, clock::nanos));
  }

  @AfterEach
  void stop() {
    master.close();
  }

  private RawConnections connections() {
    return new RawConnections(master.url());
  }

  private String asCamera(String name) {
    return "OPTIONS "
        + Tus.PATH
        + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
        + master.server().credentialFor(name).token()
        + "\r\n\r\n";
  }

  private static String asPerson(TestPerson person) {
    return "GET /api/v1/cameras HTTP/1.1\r\nHost: "
        + person.authority()
        + "\r\nCookie: "
        + person.cookie()
        + "\r\n\r\n";
  }

  private static void awaitAnswers(RawConnections of, int status, int count) {
    await().untilAsserted(() -> assertThat(of.answers(status)).isEqualTo(count));
  }

  private static void awaitEnd(RawConnections of) {
    await().untilAsserted(() -> assertThat(of.left()).isZero());
  }

  /** The same of those that may still wait to be accepted, from when on their time counts. */
  private void awaitEndOfLate(RawConnections of) {
    await()
        .untilAsserted(
            () -> {
              clock.advance(LATE);
              assertThat(of.left()).isZero();
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", HALF})
  void thousandsThatSendHalfAHeaderKeepNobodyOutAndAreEnded(String sent) throws Exception {
    try (RawConnections strangers = connections().come(MANY, sent)) {
      new TestPerson(master.server()).get("/api/v1/cameras");
      for (int i = 0; i < 3; i++) {
        master.camera("front").upload(Footage.clip("front", i, 500));
      }
      assertThat(strangers.left()).isPositive();
      awaitEndOfLate(strangers);
    }
  }

  @Test
  void ofTooManyConnectionsOfACameraOneThatRestsIsEndedAndNotTheOneThatAwaitsItsAnswer()
      throws Exception {
    String half =
        "POST "
            + Tus.PATH
            + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
            + master.server().credentialFor("front").token()
            + "\r\nTus-Resumable: 1.0.0\r\nUpload-Length: 5\r\nContent-Type: "
            + Tus.CONTENT_TYPE
            + "\r\nContent-Length: 5\r\n\r\nab";
    try (RawConnections waiting = connections().come(1, half);
        RawConnections resting = connections()) {
      for (int i = 1; i <= 3; i++) {
        resting.come(100, asCamera("front"));
        awaitAnswers(resting, 204, 100 * i);
      }
      await().untilAsserted(() -> assertThat(resting.left()).isEqualTo(255));
      assertThat(waiting.left()).isEqualTo(1);
      waiting.say("cde");
      awaitAnswers(waiting, 201, 1);
    }
  }

  @Test
  void whatHasCarriedACameraOrAPersonOutlastsThousandsOfStrangers() throws Exception {
    TestPerson someone = new TestPerson(master.server());
    try (RawConnections camera = connections().come(1, asCamera("front"));
        RawConnections person = connections().come(1, asPerson(someone))) {
      awaitAnswers(camera, 204, 1);
      awaitAnswers(person, 200, 1);
      try (RawConnections strangers = connections().come(MANY, HALF)) {
        awaitEndOfLate(strangers);
      }
      camera.say(asCamera("front"));
      person.say(asPerson(someone));
      awaitAnswers(camera, 204, 2);
      awaitAnswers(person, 200, 2);
    }
  }

  @Test
  void aByteNowAndThenBuysAHeaderNoTime() throws Exception {
    try (RawConnections stranger = connections().come(1, HALF);
        RawConnections camera = connections().come(1, asCamera("front"))) {
      awaitAnswers(camera, 204, 1);
      camera.say(HALF);
      for (int i = 0; i < 3; i++) {
        clock.advance(Duration.ofSeconds(4));
        stranger.say("x");
        camera.say("x");
      }
      awaitEnd(stranger);
      await()
          .untilAsserted(
              () -> {
                clock.advance(Duration.ofSeconds(1));
                camera.say("x");
                assertThat(camera.left()).isZero();
              });
    }
  }

  @Test
  void aStrangerGetsOneAnswer() throws Exception {
    try (RawConnections stranger =
        connections().come(1, "GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(3))) {
      awaitEnd(stranger);
      assertThat(stranger.answers(401)).isEqualTo(1);
    }
  }

  @Test
  void aCameraGoneWildTakesOnlyItsOwnConnections() throws Exception {
    try (RawConnections other = connections().come(1, asCamera("back"))) {
      awaitAnswers(other, 204, 1);
      try (RawConnections wild = connections().come(400, asCamera("front"))) {
        await().untilAsserted(() -> assertThat(wild.left()).isEqualTo(256));
        await().untilAsserted(() -> assertThat(wild.answers(204)).isBetween(256, 400));
      }
      other.say(asCamera("back"));
      awaitAnswers(other, 204, 2);
    }
  }

  @Test
  void aPersonWithManyConnectionsEndsOnlyTheirOwn() throws Exception {
    TestPerson other = new TestPerson(master.server());
    String wildly = asPerson(new TestPerson(master.server()));
    try (RawConnections one = connections().come(1, asPerson(other))) {
      awaitAnswers(one, 200, 1);
      try (RawConnections wild = connections().come(400, wildly)) {
        await().untilAsserted(() -> assertThat(wild.left()).isBetween(1L, 256L));
        one.say(asPerson(other));
        awaitAnswers(one, 200, 2);
      }
    }
  }

  /** Whoever was let in once may ask for what is public too, and has no more threads for it. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void halfABodyForWhatIsPublicHoldsFewThreadsAndNotForLong(boolean ofCamera) throws Exception {
    String signIn = "POST /sign-in HTTP/1.1\r\nHost: " + master.url().getAuthority();
    String half = "\r\nX-RaspberrySpy: 1\r\nContent-Length: 8000\r\n\r\n{";
    String cookie = "\r\nCookie: " + new TestPerson(master.server()).cookie();
    try (RawConnections known =
        ofCamera
            ? connections().come(150, asCamera("wild"))
            : connections().come(150, signIn + cookie + half)) {
      if (ofCamera) {
        awaitAnswers(known, 204, 150);
        known.say(signIn + half);
      }
      awaitAnswers(known, 429, 150 - 16);
      new TestPerson(master.server()).get("/api/v1/cameras");
      master.camera("front").upload(Footage.clip("front", 0, 500));
      for (int i = 0; i < 3; i++) {
        clock.advance(Duration.ofSeconds(4));
        known.say(" ");
      }
      awaitEnd(known);
    }
  }

  @Test
  void oneThatStandsByAnswersWhateverStrangersDo() throws Exception {
    try (StandbyServer standby = new StandbyServer(Optional.empty(), clock::nanos)) {
      URI url = URI.create("http://127.0.0.1:" + standby.start("127.0.0.1", 0));
      try (RawConnections strangers = new RawConnections(url).come(MANY, HALF);
          RawConnections balancer =
              new RawConnections(url).come(1, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n")) {
        awaitAnswers(balancer, 503, 1);
        awaitEndOfLate(strangers);
      }
    }
  }

  /** A camera that was let in is watched by its heartbeats from then on, and by nobody else. */
  @Test
  void aLinkOutlivesTheTimeThatStrangersHave() throws Exception {
    CompletableFuture<Boolean> pong = new CompletableFuture<>();
    WebSocket link =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .header("Authorization", "Bearer " + master.server().credentialFor("front").token())
            .buildAsync(
                URI.create("ws://127.0.0.1:" + master.url().getPort() + Tus.LINK_PATH),
                new WebSocket.Listener() {
                  @Override
                  public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
                    pong.complete(true);
                    return null;
                  }

                  @Override
                  public void onError(WebSocket socket, Throwable error) {
                    pong.complete(false);
                  }
                })
            .join();
    try (RawConnections late = connections().come(1, HALF)) {
      awaitEndOfLate(late);
      clock.advance(LATE);
      link.sendPing(ByteBuffer.allocate(0)).join();
      assertThat(pong.get()).isTrue();
    } finally {
      link.abort();
    }
  }
}
