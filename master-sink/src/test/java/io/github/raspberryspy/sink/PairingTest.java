package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.raspberryspy.segments.wire.LinkCodec;
import io.github.raspberryspy.segments.wire.LinkMessage.Hello;
import io.github.raspberryspy.segments.wire.PairingCode;
import io.github.raspberryspy.segments.wire.PairingMessage;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.sink.event.MasterEvent;
import io.github.raspberryspy.sink.tls.TestKeys;
import io.github.raspberryspy.sink.tls.TlsConfig;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A code pairs one camera once; its key then counts, as long as its owner wants. */
@Timeout(120)
class PairingTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path footage;

  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-23T15:00:00Z"));
  private TestMaster master;
  private HttpClient person;
  private String cookie;

  @BeforeEach
  void start() throws Exception {
    master =
        TestMaster.start(footage, config -> config.tls(TlsConfig.own()).clock(clock, clock::nanos));
    person = HttpClient.newBuilder().sslContext(TestTls.anyServer().context()).build();
    signIn();
  }

  private void signIn() throws Exception {
    var answer =
        person.send(
            HttpRequest.newBuilder(master.server().signInLink()).build(), BodyHandlers.ofString());
    String set = answer.headers().firstValue("Set-Cookie").orElseThrow();
    cookie = set.substring(0, set.indexOf(';'));
  }

  @AfterEach
  void stop() {
    master.close();
  }

  private HttpResponse<String> asOwner(String method, String path, String body) throws Exception {
    return person.send(
        HttpRequest.newBuilder(master.url().resolve(path))
            .header("Cookie", cookie)
            .header("X-RaspberrySpy", "1")
            .method(method, BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private PairingCode code(String wish) throws Exception {
    HttpResponse<String> answer = asOwner("POST", "/api/v1/pairings", wish);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    JsonNode json = JSON.readTree(answer.body());
    assertThat(json.get("qr").asText()).startsWith("<svg ");
    return PairingCode.parse(json.get("code").asText());
  }

  /** A camera that has a key, and perhaps a certificate. */
  private final class Camera {
    private final KeyPair pair = TestKeys.pair();
    private HttpClient client = person;

    HttpResponse<String> pair(PairingCode code, String name) throws Exception {
      byte[] ask =
          PairingMessage.Ask.of(code.ticket(), name, pair.getPublic(), pair.getPrivate()).encode();
      HttpResponse<String> answer = ask(ask);
      if (answer.statusCode() == 200) {
        byte[] der =
            PairingMessage.Grant.decode(answer.body().getBytes(StandardCharsets.UTF_8)).der();
        client =
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(TestTls.showing(TestKeys.showing(der, pair.getPrivate())).context())
                .build();
      }
      return answer;
    }

    int status(String method, String path) throws Exception {
      return client
          .send(
              HttpRequest.newBuilder(master.url().resolve(path))
                  .header(Tus.RESUMABLE, Tus.VERSION)
                  .method(method, BodyPublishers.noBody())
                  .build(),
              BodyHandlers.discarding())
          .statusCode();
    }

    int uploads() throws Exception {
      return status("OPTIONS", Tus.PATH);
    }
  }

  private HttpResponse<String> ask(byte[] body) throws IOException, InterruptedException {
    return HttpClient.newBuilder()
        .sslContext(person.sslContext())
        .build()
        .send(
            HttpRequest.newBuilder(master.url().resolve(PairingMessage.PATH))
                .header("X-RaspberrySpy", "1")
                .POST(BodyPublishers.ofByteArray(body))
                .build(),
            BodyHandlers.ofString());
  }

  @Test
  void aCodePairsOneCameraOnce() throws Exception {
    PairingCode code = code("");
    assertThat(code.pin()).isEqualTo(TestTls.pin(master.url()));
    assertThat(code.addresses()).containsExactly("127.0.0.1:" + master.url().getPort());
    Camera first = new Camera();
    assertThat(first.uploads()).isEqualTo(401);
    assertThat(first.pair(code, "front").statusCode()).isEqualTo(200);
    assertThat(first.uploads()).isEqualTo(204);
    HttpResponse<String> replay = new Camera().pair(code, "back");
    assertThat(replay.statusCode()).isEqualTo(410);
    assertThat(replay.body()).contains("this code was used");
    master.restart();
    assertThat(first.uploads()).isEqualTo(204);
    assertThat(new Camera().pair(code, "back").statusCode()).isEqualTo(410);
  }

  @Test
  void replaysOfAPairingLetNobodyInAndAreSoonNotLookedAt() throws Exception {
    PairingCode code = code("");
    KeyPair pair = TestKeys.pair();
    byte[] recorded =
        PairingMessage.Ask.of(code.ticket(), "front", pair.getPublic(), pair.getPrivate()).encode();
    assertThat(ask(recorded).statusCode()).isEqualTo(200);
    HttpRequest again =
        HttpRequest.newBuilder(master.url().resolve(PairingMessage.PATH))
            .header("X-RaspberrySpy", "1")
            .POST(BodyPublishers.ofByteArray(recorded))
            .build();
    Map<Integer, Integer> statuses = new TreeMap<>();
    for (int i = 0; i < 100; i++) { // each with a handshake of its own
      clock.advance(Duration.ofSeconds(1));
      int status = person.send(again, BodyHandlers.discarding()).statusCode();
      statuses.merge(status, 1, Integer::sum);
    }
    assertThat(statuses).containsOnlyKeys(410, 429);
    assertThat(statuses.get(410)).isBetween(5, 15); // five a minute
  }

  @Test
  void whetherACodeCanBeMadeIsSaidBeforeItIsAskedFor() throws Exception {
    JsonNode way = JSON.readTree(asOwner("GET", "/api/v1/pairings/codes", "").body());
    assertThat(way.get("possible").asBoolean()).isTrue();
    assertThat(way.get("addresses").get(0).asText())
        .isEqualTo("127.0.0.1:" + master.url().getPort());
  }

  @Test
  void aCodeEndsAfterTenMinutes() throws Exception {
    PairingCode code = code("");
    clock.advance(Duration.ofMinutes(10));
    HttpResponse<String> late = new Camera().pair(code, "front");
    assertThat(late.statusCode()).isEqualTo(410);
    assertThat(late.body()).contains("this code has ended");
  }

  @Test
  void aCodeThatHasEndedStaysSoWhereTheClockFallsBackAndOneMadeBesideThenIsGood() throws Exception {
    PairingCode code = code("");
    clock.advance(Duration.ofMinutes(11));
    master.restart(); // it notes how late it is
    clock.set(clock.instant().minus(Duration.ofMinutes(30)));
    assertThat(new Camera().pair(code, "front").statusCode()).isEqualTo(410);
    PairingCode beside = MasterServer.pairingCode(config(), "", false);
    assertThat(new Camera().pair(beside, "front").statusCode()).isEqualTo(200);
  }

  @Test
  void aCodeThatWasTakenBackPairsNobody() throws Exception {
    HttpResponse<String> made = asOwner("POST", "/api/v1/pairings", "");
    JsonNode json = JSON.readTree(made.body());
    String path = "/api/v1/pairings/codes/" + json.get("id").asText();
    assertThat(asOwner("DELETE", path, "").statusCode()).isEqualTo(204);
    assertThat(asOwner("DELETE", path, "").statusCode()).isEqualTo(410);
    assertThat(asOwner("DELETE", "/api/v1/pairings/codes/x", "").statusCode()).isEqualTo(404);
    PairingCode code = PairingCode.parse(json.get("code").asText());
    assertThat(new Camera().pair(code, "front").statusCode()).isEqualTo(410);
  }

  @Test
  void whoIsListenedToHearsOfTheCameraByTheIdOfItsCode() throws Exception {
    List<MasterEvent> heard = new CopyOnWriteArrayList<>();
    master.server().listen(heard::add);
    JsonNode made = JSON.readTree(asOwner("POST", "/api/v1/pairings", "").body());
    PairingCode code = PairingCode.parse(made.get("code").asText());
    Camera camera = new Camera();
    assertThat(camera.pair(code, "front").statusCode()).isEqualTo(200);
    await()
        .untilAsserted(
            () ->
                assertThat(heard)
                    .contains(new MasterEvent.CameraPaired("front", made.get("id").asText())));
    assertThat(asOwner("GET", "/api/v1/audit", "").body())
        .contains("\"pairing-code\"", "\"pair\"", "\"front\"");
    assertThat(JSON.readTree(asOwner("GET", "/api/v1/pairings", "").body()).get(0).has("lastHeard"))
        .isFalse();
  }

  @Test
  void wrongTicketsAreCountedAndThenRefusedForAMinuteAndHoldNoGoodOneUp() throws Exception {
    PairingCode code = code("");
    byte[] forged = code.ticket();
    forged[forged.length - 1] ^= 1;
    PairingCode wrong = new PairingCode(code.pin(), forged, "", code.addresses());
    for (int i = 0; i < 5; i++) {
      assertThat(new Camera().pair(wrong, "front").statusCode()).isEqualTo(403);
    }
    HttpResponse<String> limited = new Camera().pair(wrong, "front");
    assertThat(limited.statusCode()).isEqualTo(429);
    assertThat(limited.headers().firstValue("Retry-After")).hasValue("60");
    assertThat(new Camera().pair(code, "front").statusCode()).isEqualTo(200);
    clock.advance(Duration.ofSeconds(61));
    assertThat(new Camera().pair(wrong, "front").statusCode()).isEqualTo(403);
  }

  @Test
  void aKeyThatTheCameraHasNotProvedIsRefused() throws Exception {
    PairingCode code = code("");
    KeyPair mine = TestKeys.pair();
    KeyPair anothers = TestKeys.pair();
    byte[] ask =
        PairingMessage.Ask.of(code.ticket(), "front", anothers.getPublic(), mine.getPrivate())
            .encode();
    assertThat(ask(ask).statusCode()).isEqualTo(403);
    assertThat(ask(new byte[5000]).statusCode()).isEqualTo(413);
    assertThat(ask("{".getBytes(StandardCharsets.UTF_8)).statusCode()).isEqualTo(403);
  }

  @Test
  void aCodeForOneNameIsForNoOther() throws Exception {
    PairingCode code = code("{\"camera\":\"front\"}");
    assertThat(code.name()).isEqualTo("front");
    assertThat(new Camera().pair(code, "back").statusCode()).isEqualTo(403);
    assertThat(new Camera().pair(code, "front").statusCode()).isEqualTo(200);
    assertThat(asOwner("POST", "/api/v1/pairings", "{\"camera\":\"No!\"}").statusCode())
        .isEqualTo(400);
  }

  @Test
  void aSecondKeyOfAnameIsRefusedUnlessItsOwnerPairsItAnew() throws Exception {
    Camera first = new Camera();
    assertThat(first.pair(code(""), "front").statusCode()).isEqualTo(200);
    Camera second = new Camera();
    HttpResponse<String> taken = second.pair(code(""), "front");
    assertThat(taken.statusCode()).isEqualTo(409);
    assertThat(taken.body()).contains("another camera is paired as front");
    assertThat(first.uploads()).isEqualTo(204);
    PairingCode anew = code("{\"camera\":\"front\",\"anew\":\"true\"}");
    assertThat(second.pair(anew, "front").statusCode()).isEqualTo(200);
    assertThat(second.uploads()).isEqualTo(204);
    assertThat(first.uploads()).isEqualTo(401);
  }

  @Test
  void aTokenIsNotTakenOverTls() throws Exception {
    String token = master.server().credentialFor("front").token();
    var answer =
        person.send(
            HttpRequest.newBuilder(master.url().resolve(Tus.PATH))
                .header("Authorization", "Bearer " + token)
                .method("OPTIONS", BodyPublishers.noBody())
                .build(),
            BodyHandlers.discarding());
    assertThat(answer.statusCode()).isEqualTo(401);
  }

  @Test
  void aRevokedKeyIsTurnedOutAtOnce() throws Exception {
    Camera camera = new Camera();
    assertThat(camera.pair(code(""), "front").statusCode()).isEqualTo(200);
    assertThat(JSON.readTree(asOwner("GET", "/api/v1/pairings", "").body()).get(0).get("camera"))
        .hasToString("\"front\"");
    try (SSLSocket link = link(camera)) {
      long begin = System.nanoTime();
      assertThat(asOwner("DELETE", "/api/v1/pairings/front", "").statusCode()).isEqualTo(204);
      link.setSoTimeout(5_000);
      assertThat(endOf(link)).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }
    assertThat(camera.uploads()).isEqualTo(401);
    assertThat(asOwner("DELETE", "/api/v1/pairings/front", "").statusCode()).isEqualTo(404);
    master.restart();
    assertThat(camera.uploads()).isEqualTo(401);
  }

  @Test
  void anUnpairedCameraIsNoEmergencyAndCanBeTakenOffTheWall() throws Exception {
    Camera camera = new Camera();
    assertThat(camera.pair(code(""), "front").statusCode()).isEqualTo(200);
    List<MasterEvent> told = new CopyOnWriteArrayList<>();
    master.server().listen(told::add);
    assertThat(asOwner("DELETE", "/api/v1/cameras/front", "").statusCode()).isEqualTo(404);
    WebSocket link =
        camera
            .client
            .newWebSocketBuilder()
            .buildAsync(
                URI.create("wss://127.0.0.1:" + master.url().getPort() + Tus.LINK_PATH),
                new WebSocket.Listener() {})
            .join();
    link.sendText(LinkCodec.encode(new Hello("front", "0a1b2c3d", "test 1", "test://", "s")), true)
        .join();
    link.sendText(LinkCodec.encode(LinkTest.BEAT), true).join();
    await().until(() -> state("front").equals("recording"));
    HttpResponse<String> refused = asOwner("DELETE", "/api/v1/cameras/front", "");
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("camera front is connected");

    assertThat(asOwner("DELETE", "/api/v1/pairings/front", "").statusCode()).isEqualTo(204);
    assertThat(state("front")).isEqualTo("unpaired");
    assertThat(asOwner("DELETE", "/api/v1/cameras/front", "").statusCode()).isEqualTo(204);
    assertThat(asOwner("GET", "/api/v1/cameras", "").body()).isEqualTo("[]");
    assertThat(asOwner("GET", "/api/v1/incidents", "").body()).isEqualTo("[]");
    assertThat(told).noneMatch(MasterEvent.IncidentChanged.class::isInstance);
    assertThat(asOwner("GET", "/api/v1/audit", "").body()).contains("\"remove-camera\"");
  }

  private String state(String camera) throws Exception {
    for (JsonNode one : JSON.readTree(asOwner("GET", "/api/v1/cameras", "").body())) {
      if (one.get("id").asText().equals(camera)) {
        return one.get("state").asText();
      }
    }
    return "";
  }

  /** Its control link, upgraded. */
  private SSLSocket link(Camera camera) throws Exception {
    SSLSocket socket =
        (SSLSocket)
            camera
                .client
                .sslContext()
                .getSocketFactory()
                .createSocket("127.0.0.1", master.url().getPort());
    String ask =
        "GET "
            + Tus.LINK_PATH
            + " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    socket.getOutputStream().write(ask.getBytes(StandardCharsets.US_ASCII));
    byte[] head = new byte[12];
    socket.getInputStream().readNBytes(head, 0, head.length);
    assertThat(new String(head, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 101");
    return socket;
  }

  private static boolean endOf(SSLSocket socket) {
    try {
      socket.getInputStream().readAllBytes();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true; // closed without a word
    }
  }

  @Test
  void aCameraMayOnlyAppendToItsOwnStream() throws Exception {
    Camera camera = new Camera();
    assertThat(camera.pair(code(""), "front").statusCode()).isEqualTo(200);
    for (String path :
        List.of(
            "GET /api/v1/cameras",
            "GET /api/v1/segments",
            "GET /api/v1/segments/x",
            "GET /api/v1/segments/x/video",
            "PUT /api/v1/segments/x/saved",
            "DELETE /api/v1/segments/x",
            "GET /api/v1/trash",
            "GET /api/v1/storage",
            "GET /api/v1/events",
            "GET /api/v1/days",
            "GET /api/v1/pairings",
            "POST /api/v1/pairings",
            "DELETE /api/v1/pairings/front",
            "GET /openapi.json")) {
      String[] parts = path.split(" ", -1);
      assertThat(camera.status(parts[0], parts[1])).as(path).isEqualTo(403);
    }
  }

  @Test
  void halfHandshakesByTheThousandShutNoPairedCameraOut() throws Exception {
    Camera camera = new Camera();
    assertThat(camera.pair(code(""), "front").statusCode()).isEqualTo(200);
    try (RawConnections strangers = new RawConnections(master.url()).come(2_000, "\u0016\u0003")) {
      for (int i = 0; i < 3; i++) {
        assertThat(camera.uploads()).isEqualTo(204);
      }
      await()
          .untilAsserted(
              () -> {
                clock.advance(Duration.ofSeconds(11));
                assertThat(strangers.left()).isZero();
              });
      assertThat(camera.uploads()).isEqualTo(204);
    }
  }

  /** As whoever makes a code beside the master has it. */
  private MasterConfig config() {
    return MasterConfig.into(footage)
        .listen("127.0.0.1", master.url().getPort())
        .tls(TlsConfig.own())
        .clock(clock, clock::nanos)
        .build();
  }

  @Test
  void aCodeMadeBesideTheMasterThatRunsIsAsGood() throws Exception {
    PairingCode code = MasterServer.pairingCode(config(), "front", false);
    assertThat(new Camera().pair(code, "front").statusCode()).isEqualTo(200);
  }
}
