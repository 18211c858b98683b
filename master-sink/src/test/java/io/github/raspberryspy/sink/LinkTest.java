package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.wire.BoardFacts;
import io.github.raspberryspy.segments.wire.BoardHealth;
import io.github.raspberryspy.segments.wire.CommandCodec;
import io.github.raspberryspy.segments.wire.LinkCodec;
import io.github.raspberryspy.segments.wire.LinkMessage.CameraState;
import io.github.raspberryspy.segments.wire.LinkMessage.Done;
import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import io.github.raspberryspy.segments.wire.LinkMessage.Heartbeat;
import io.github.raspberryspy.segments.wire.LinkMessage.Hello;
import io.github.raspberryspy.segments.wire.LinkMessage.Motion;
import io.github.raspberryspy.segments.wire.LinkMessage.Setting;
import io.github.raspberryspy.segments.wire.LinkMessage.Settings;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.segments.wire.ValueKind;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.event.MasterEvent;
import io.github.raspberryspy.sink.event.MasterEvent.CameraReported;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The control link and the pushed events, over real sockets. */
class LinkTest {

  static final Heartbeat BEAT =
      new Heartbeat(
          CameraState.RECORDING,
          "",
          1280,
          720,
          30,
          10,
          9,
          1,
          2,
          4096,
          OptionalLong.of(512),
          1L << 30,
          OptionalLong.empty(),
          true,
          Optional.empty(),
          BoardHealth.UNKNOWN);

  @TempDir Path footage;
  private MasterServer master;
  private TestPerson person;
  private final List<MasterEvent> heard = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() throws Exception {
    master = MasterServer.start(MasterConfig.into(footage).listen("127.0.0.1", 0).build());
    master.listen(heard::add);
    person = new TestPerson(master);
  }

  @AfterEach
  void stop() {
    master.close();
  }

  /** Collects what comes, and how it ended. */
  private static final class Inbox implements WebSocket.Listener {
    final List<String> messages = new CopyOnWriteArrayList<>();
    private final StringBuilder text = new StringBuilder();
    volatile int closed;
    volatile String reason = "";

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        messages.add(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String why) {
      closed = code;
      reason = why;
      return null;
    }
  }

  @Test
  void howABoardFaresIsShownAndMeasuredAndWhatItDoesNotSayIsLeftOut() throws Exception {
    WebSocket link = link("front", new Inbox());
    BoardFacts board = new BoardFacts("Raspberry Pi 5", "Debian 12", "6.6.31", "");
    say(link, LinkCodec.encode(new Hello("front", "0a1b2c3d", "test 1", "test://", "", board)));
    String late = "\"at\":\"" + Instant.now().minusSeconds(60) + "\"";
    String hot =
        "\"health\":{\"temperatureC\":81.5,\"strains\":[\"throttled\",\"of-tomorrow\"],"
            + "\"strainsSinceStart\":[\"throttled\"],\"warnings\":[\"board-hot\"]}";
    say(link, LinkCodec.encode(BEAT).replaceFirst("}$", "," + late + "," + hot + "}"));

    await().until(() -> state("front").equals("recording"));
    JsonNode camera = person.get("/api/v1/cameras/front");
    JsonNode health = camera.get("health");
    assertThat(health.get("temperatureC").asDouble()).isEqualTo(81.5);
    assertThat(health.get("strains")).map(JsonNode::asText).containsExactly("throttled");
    assertThat(health.get("clock").get("offsetMillis").asLong()).isBetween(-70_000L, -60_000L);
    assertThat(health.get("warnings"))
        .map(JsonNode::asText)
        .containsExactly("board-hot", "clock-off");
    assertThat(health.has("battery")).isFalse();
    assertThat(camera.get("board").get("model").asText()).isEqualTo("Raspberry Pi 5");
    assertThat(camera.get("board").has("firmware")).isFalse();

    String metrics =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(master.url().resolve("/metrics")).build(),
                BodyHandlers.ofString())
            .body();
    assertThat(metrics)
        .contains("raspberryspy_camera_temperature_celsius{camera=\"front\"} 81.5\n")
        .contains("raspberryspy_camera_strain{camera=\"front\",strain=\"throttled\"} 1\n")
        .contains("raspberryspy_camera_strain{camera=\"front\",strain=\"under-voltage\"} 0\n")
        .contains("raspberryspy_camera_clock_offset_seconds{camera=\"front\"} -6")
        .doesNotContain("raspberryspy_camera_battery_percent{");
  }

  @Test
  void cameraIsRecordingWhileItsHeartBeatsLostWhenItStopsAndBackWhenItReturns() throws Exception {
    WebSocket link = link("front", new Inbox());
    say(link, hello("front"), LinkCodec.encode(BEAT));

    await().until(() -> state("front").equals("recording"));
    JsonNode camera = person.get("/api/v1/cameras/front");
    assertThat(camera.get("width").asInt()).isEqualTo(1280);
    assertThat(camera.get("framesDropped").asLong()).isEqualTo(1);
    assertThat(camera.get("source").asText()).isEqualTo("test://");
    assertThat(camera.get("motion").asBoolean()).isTrue();
    assertThat(camera.get("latestSegment").isNull()).isTrue();

    await()
        .atMost(Duration.ofSeconds(10))
        .between(Duration.ofSeconds(4), Duration.ofSeconds(7))
        .until(() -> state("front").equals("lost"));
    say(link, LinkCodec.encode(BEAT));

    await().until(() -> state("front").equals("recording"));
    await()
        .untilAsserted(
            () -> assertThat(changes()).containsExactly("recording", "lost", "recording"));
    JsonNode events = person.get("/api/v1/events?camera=front");
    assertThat(events.findValuesAsText("state")).containsExactly("lost", "back");
  }

  @Test
  void theLogSaysWhatWasAskedOfACamera() throws Exception {
    Inbox inbox = new Inbox();
    WebSocket link = link("front", inbox);
    Setting fps = new Setting("camera.fps", "", "1 to 60", ValueKind.TEXT, "10", "10", true);
    Setting hold = new Setting("motion.hold", "", "a time", ValueKind.TEXT, "5s", "2s", true);
    Setting text = new Setting("overlay.text", "", "a text", ValueKind.TEXT, "", "", true);
    say(link, hello("front"), LinkCodec.encode(BEAT));
    Setting time =
        new Setting("overlay.time", "", "", ValueKind.of("flag"), "false", "false", true);
    say(link, LinkCodec.encode(new Settings(0, Optional.empty(), List.of(fps, hold, text, time))));
    await().until(() -> person.get("/api/v1/cameras/front/settings").get("settings").size() == 4);
    CompletableFuture<HttpResponse<String>> stopped =
        CompletableFuture.supplyAsync(() -> put("POST", "commands", "{\"command\":\"stop\"}"));
    await().until(() -> !inbox.messages.isEmpty());
    String id = CommandCodec.decode(inbox.messages.get(0)).id();
    say(link, LinkCodec.encode(new Done(id, true, "")));
    assertThat(stopped.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(204);
    link.abort();
    put("PUT", "settings", "{\"base\":0,\"values\":{\"camera.fps\":\"15\"}}");
    put("PUT", "settings", "{\"base\":1,\"values\":{\"overlay.time\":\"maybe\"}}");
    put("PUT", "name", "{\"name\":\"Front door\"}");

    JsonNode audit = person.get("/api/v1/audit");
    assertThat(audit.findValuesAsText("action"))
        .startsWith("name-camera", "set-camera-in-vain", "ask-camera-to-set", "stop-camera");
    assertThat(audit.findValuesAsText("detail"))
        .startsWith(
            "front: Front door",
            "front: motion.hold, overlay.time",
            "front: camera.fps, motion.hold",
            "front");
  }

  private HttpResponse<String> put(String method, String what, String body) {
    try {
      return person.send(
          person
              .request("/api/v1/cameras/front/" + what)
              .header("X-RaspberrySpy", "1")
              .method(method, BodyPublishers.ofString(body)));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void secondConnectionReplacesTheFirst() throws Exception {
    Inbox first = new Inbox();
    say(link("front", first), hello("front"));
    WebSocket second = link("front", new Inbox());

    await().until(() -> first.closed == 1001);
    say(second, hello("front"), LinkCodec.encode(BEAT));
    await().until(() -> state("front").equals("recording"));
  }

  @Test
  void whatBreaksTheProtocolEndsTheLink() throws Exception {
    for (String message :
        List.of(
            LinkCodec.encode(BEAT), // before hello
            hello("back"), // another camera's name
            "{",
            "{\"type\":\"command\"}",
            "[".repeat(100))) {
      Inbox inbox = new Inbox();
      say(link("front", inbox), message);
      await().until(() -> inbox.closed == 1008);
      assertThat(inbox.reason).isNotEmpty();
    }
    Inbox large = new Inbox();
    say(link("front", large), "x".repeat(70_000));
    await().until(() -> large.closed == 1009);
  }

  @Test
  void lostCameraIsRememberedOverARestart() throws Exception {
    say(link("front", new Inbox()), hello("front"), LinkCodec.encode(BEAT));
    await().until(() -> state("front").equals("recording"));
    master.close();

    start();

    JsonNode camera = person.get("/api/v1/cameras/front");
    assertThat(camera.get("state").asText()).isEqualTo("lost");
    assertThat(camera.get("software").asText()).isEqualTo("test 1");
  }

  @Test
  void pageIsToldWhatHappens() throws Exception {
    Inbox page = new Inbox();
    URI uri = URI.create("ws://127.0.0.1:" + master.url().getPort() + "/api/v1/events");
    HttpClient.newHttpClient()
        .newWebSocketBuilder()
        .header("Cookie", person.cookie())
        .buildAsync(uri, page)
        .join();
    Clip clip = Footage.clip("front", 0, 500);
    TestCamera front = new TestCamera(master.url(), master.credentialFor("front"));
    front.upload(clip);
    person.save(clip.id().toString(), true);
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    EventSpan span = new EventSpan(now, now, 0.5, List.of(), List.of());
    say(
        link("front", new Inbox()),
        hello("front"),
        LinkCodec.encode(BEAT),
        LinkCodec.encode(new Motion(false, span)),
        LinkCodec.encode(
            new Fault("lens-covered", false, true, Footage.START, "the lens is covered")));

    await()
        .untilAsserted(
            () ->
                assertThat(types(page))
                    .contains(
                        "segment", "storage", "saved", "camera", "motion", "fault", "heartbeat"));
    await()
        .untilAsserted(
            () ->
                assertThat(person.get("/api/v1/events?camera=front").findParents("score"))
                    .singleElement()
                    .satisfies(
                        motion -> {
                          assertThat(motion.get("start").asText()).isEqualTo(now.toString());
                          assertThat(motion.get("segment").isNull()).isTrue();
                        }));
    JsonNode fault = person.get("/api/v1/events?camera=front").findParents("kind").get(0);
    assertThat(fault.get("type").asText()).isEqualTo("fault");
    assertThat(fault.get("sentence").asText()).isEqualTo("the lens is covered");
    assertThat(fault.get("end").isNull()).isTrue();
    ObjectMapper json = new ObjectMapper();
    for (String text : page.messages) {
      JsonNode message = json.readTree(text);
      switch (message.get("type").asText()) {
        case "segment" ->
            assertThat(message.at("/segment/id").asText()).isEqualTo(clip.id().toString());
        case "camera" -> assertThat(message.at("/camera/state").asText()).isEqualTo("recording");
        case "motion" -> assertThat(message.get("score").asDouble()).isEqualTo(0.5);
        case "fault" -> {
          assertThat(message.get("kind").asText()).isEqualTo("lens-covered");
          assertThat(message.get("camera").asText()).isEqualTo("front");
          assertThat(message.get("sentence").asText()).isEqualTo("the lens is covered");
          assertThat(message.get("alert").asBoolean()).isTrue();
          assertThat(message.get("ended").asBoolean()).isFalse();
        }
        case "incident" ->
            assertThat(message.at("/incident/failures/0/kind").asText()).isEqualTo("lens-covered");
        case "saved" -> assertThat(message.get("saved").asBoolean()).isTrue();
        case "heartbeat" -> assertThat(message).hasSize(1);
        default -> assertThat(message.get("usedBytes").asLong()).isPositive();
      }
    }
  }

  @Test
  void whatIsWrongWithACameraIsListedWhileItIsWhereSomebodyShouldBeTold() throws Exception {
    WebSocket link = link("front", new Inbox());
    Instant at = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    say(
        link,
        hello("front"),
        LinkCodec.encode(BEAT),
        LinkCodec.encode(new Fault("picture-dark", false, false, at, "it is dark")),
        LinkCodec.encode(new Fault("lens-covered", false, true, at, "the lens is covered")));
    await().untilAsserted(() -> assertThat(person.get("/api/v1/troubles")).hasSize(1));
    JsonNode trouble = person.get("/api/v1/troubles").get(0);
    assertThat(trouble.get("camera").asText()).isEqualTo("front");
    assertThat(trouble.get("kind").asText()).isEqualTo("lens-covered");
    assertThat(trouble.get("since").asText()).isEqualTo(at.toString());
    assertThat(trouble.get("sentence").asText()).isEqualTo("the lens is covered");

    say(link, LinkCodec.encode(new Fault("lens-covered", true, true, at, "it is not")));
    await().untilAsserted(() -> assertThat(person.get("/api/v1/troubles")).isEmpty());
  }

  private static Stream<String> typesOf(List<String> messages) {
    return messages.stream().map(m -> m.replaceAll(".*\"type\":\"([a-z]+)\".*", "$1"));
  }

  private static List<String> types(Inbox inbox) {
    return typesOf(inbox.messages).toList();
  }

  private List<String> changes() {
    return heard.stream()
        .filter(CameraReported.class::isInstance)
        .map(CameraReported.class::cast)
        .filter(CameraReported::stateChanged)
        .map(e -> e.status().state())
        .toList();
  }

  private String state(String camera) throws Exception {
    for (JsonNode node : person.get("/api/v1/cameras")) {
      if (node.get("id").asText().equals(camera)) {
        return node.get("state").asText();
      }
    }
    return "unknown";
  }

  @Test
  void aPageIsToldNothingOnceItsSessionHasEnded() throws Exception {
    Inbox page = new Inbox();
    HttpClient.newHttpClient()
        .newWebSocketBuilder()
        .header("Cookie", person.cookie())
        .buildAsync(URI.create("ws://127.0.0.1:" + master.url().getPort() + "/api/v1/events"), page)
        .join();
    person.send(person.request("/api/v1/sessions/current").header("X-RaspberrySpy", "1").DELETE());
    await().until(() -> page.closed == 4401);
    assertThat(page.reason).isEqualTo("the session has ended");
  }

  private WebSocket link(String camera, Inbox inbox) {
    return HttpClient.newHttpClient()
        .newWebSocketBuilder()
        .header("Authorization", "Bearer " + master.credentialFor(camera).token())
        .buildAsync(URI.create("ws://127.0.0.1:" + master.url().getPort() + Tus.LINK_PATH), inbox)
        .join();
  }

  private static void say(WebSocket link, String... messages) {
    for (String message : messages) {
      link.sendText(message, true).join();
    }
  }

  private static String hello(String camera) {
    return LinkCodec.encode(new Hello(camera, "0a1b2c3d", "test 1", "test://", ""));
  }
}
