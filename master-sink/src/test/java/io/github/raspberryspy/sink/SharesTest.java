package io.github.raspberryspy.sink;

import static io.github.raspberryspy.sink.Filmed.at;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A link that shows a stretch of footage to whoever has it. */
class SharesTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path folder;

  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T00:00:00Z"));
  private Filmed filmed;
  private TestMaster master;
  private TestPerson owner;

  @BeforeEach
  void start() throws Exception {
    filmed = new Filmed(folder);
    master =
        TestMaster.start(
            folder.resolve("footage"), m -> m.minFreeBytes(0).clock(clock, clock::nanos));
    owner = new TestPerson(master.server());
    master.camera("front").upload(filmed.clip(0, "640x480"));
    master.camera("front").upload(filmed.clip(1, "640x480"));
  }

  @AfterEach
  void stop() {
    if (master != null) {
      master.close();
    }
  }

  @Test
  void whoHasTheLinkSeesThatFootageAndNothingElse() throws Exception {
    String link = share(0.7, 2.5, "day");

    HttpResponse<byte[]> page = open(link);
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'self'")
        .doesNotContain("unsafe");
    assertThat(page.headers().firstValue("X-Robots-Tag")).hasValue("noindex");
    HttpResponse<byte[]> video = open(link + "/video.mp4");
    assertThat(filmed.frames(video.body())).hasSize(20 - 7 + 5);
    JsonNode facts = json(open(link + "/facts"));
    assertThat(facts.get("camera").asText()).isEqualTo("front");
    assertThat(facts.get("start").asText()).isEqualTo(at(0.7).toString());
    assertThat(facts.get("bytes").asInt()).isEqualTo(video.body().length);

    String token = link.substring(link.lastIndexOf('/') + 1);
    assertThat(get("api/v1/segments", "Authorization", "Bearer " + token).statusCode())
        .isEqualTo(401);
    assertThat(token).hasSizeGreaterThanOrEqualTo(32); // 192 bits
  }

  @Test
  void itEndsByItselfAndWhenItIsTakenBack() throws Exception {
    String hour = share(0, 2, "hour");
    String week = share(0, 2, "week");
    clock.advance(Duration.ofMinutes(61));

    assertThat(open(hour + "/facts").statusCode()).isEqualTo(410);
    assertThat(open(hour + "/video.mp4").statusCode()).isEqualTo(410);
    assertThat(text(open(hour + "/facts"))).contains("this link has expired");
    assertThat(open(week + "/video.mp4").statusCode()).isEqualTo(200);

    JsonNode listed = owner.get("/api/v1/shares");
    assertThat(listed).hasSize(1);
    int taken = change("DELETE", "/api/v1/shares/" + listed.get(0).get("id").asText(), "");
    assertThat(taken).isEqualTo(204);
    assertThat(open(week + "/video.mp4").statusCode()).isEqualTo(410);
    assertThat(text(open(week + "/facts"))).contains("this link was taken back");
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 60 * 24 * 40})
  void whatHasEndedStaysSoWhereTheClockFallsBackAndAfterARestart(long minutes) throws Exception {
    String day = share(0, 2, "day");
    String week = share(0, 2, "week");
    assertThat(change("POST", "/api/v1/invitations", "{\"role\":\"viewer\"}")).isEqualTo(200);
    clock.advance(Duration.ofDays(3).plusMinutes(1));
    assertThat(open(day + "/facts").statusCode()).isEqualTo(410);

    clock.set(clock.instant().minus(Duration.ofMinutes(minutes)));
    assertThat(open(day + "/facts").statusCode()).isEqualTo(410);
    assertThat(owner.get("/api/v1/shares")).hasSize(1);
    assertThat(owner.get("/api/v1/invitations")).isEmpty();
    master.restart();
    assertThat(open(day + "/facts").statusCode()).isEqualTo(410);
    assertThat(open(week + "/facts").statusCode()).isEqualTo(200);
  }

  @Test
  void whatWasMadeWhileTheClockWasAheadIsListedCanBeTakenBackAndOpensNoMore() throws Exception {
    clock.set(clock.instant().plus(Duration.ofHours(3))); // a step that nobody has confirmed
    String link = share(0, 2, "day");
    share(0, 2, "day");
    assertThat(open(link + "/facts").statusCode()).isEqualTo(200);

    clock.set(clock.instant().minus(Duration.ofHours(3)));
    assertThat(text(open(link + "/facts"))).contains("while the master's clock was ahead");
    JsonNode listed = owner.get("/api/v1/shares");
    assertThat(listed).hasSize(1);
    String id = listed.get(0).get("id").asText();
    assertThat(change("DELETE", "/api/v1/shares/" + id, "")).isEqualTo(204);
    clock.advance(Duration.ofHours(4));
    assertThat(open(link + "/facts").statusCode()).isEqualTo(410);
  }

  @Test
  void itIsCountedAndNotedAndOnlyItsHashIsKept() throws Exception {
    String link = share(0, 2, "day");
    open(link + "/facts");
    open(link + "/facts");

    assertThat(owner.get("/api/v1/shares").get(0).get("uses").asInt()).isEqualTo(2);
    List<String> actions = owner.get("/api/v1/audit").findValuesAsText("action");
    assertThat(actions).contains("share", "open-share");
    assertThat(actions.stream().filter("open-share"::equals)).hasSize(1);
    String token = link.substring(link.lastIndexOf('/') + 1);
    try (Stream<Path> files = Files.walk(folder.resolve("footage"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), ISO_8859_1))
            .as(file.toString())
            .doesNotContain(token);
      }
    }
  }

  @Test
  void whoTriesLinksHasToWait() throws Exception {
    int last = 0;
    for (int i = 0; i < 40 && last != 429; i++) {
      last = open("shared/" + "A".repeat(32) + i + "/facts").statusCode();
      assertThat(last).isIn(404, 429);
    }
    assertThat(last).isEqualTo(429);
    String good = share(0, 2, "day"); // and a good one is good all the same
    assertThat(open(good + "/facts").statusCode()).isEqualTo(200);
  }

  @Test
  void whatIsNotThereIsNotShared() throws Exception {
    assertThat(change("POST", "/api/v1/shares", body(100, 200, "day"))).isEqualTo(404);
    assertThat(change("POST", "/api/v1/shares", body(0, 2, "year"))).isEqualTo(400);
    assertThat(change("POST", "/api/v1/shares", body(2, 2, "day"))).isEqualTo(400);
    assertThat(owner.get("/api/v1/shares")).isEmpty();
  }

  private static String body(double from, double to, String life) {
    return String.format(
        Locale.ROOT,
        "{\"camera\":\"front\",\"from\":\"%s\",\"to\":\"%s\",\"life\":\"%s\"}",
        at(from),
        at(to),
        life);
  }

  private String share(double from, double to, String life) throws Exception {
    HttpResponse<String> answer =
        owner.send(
            owner
                .request("/api/v1/shares")
                .header("X-RaspberrySpy", "1")
                .POST(BodyPublishers.ofString(body(from, to, life))));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body()).get("path").asText();
  }

  private int change(String method, String path, String body) throws Exception {
    return owner
        .send(
            owner
                .request(path)
                .header("X-RaspberrySpy", "1")
                .method(method, BodyPublishers.ofString(body)))
        .statusCode();
  }

  private HttpResponse<byte[]> open(String path) throws Exception {
    return get(path, "Accept", "*/*");
  }

  private HttpResponse<byte[]> get(String path, String header, String value) throws Exception {
    URI uri = master.url().resolve("/" + path);
    return HTTP.send(
        HttpRequest.newBuilder(uri).header(header, value).build(), BodyHandlers.ofByteArray());
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), UTF_8);
  }

  private static JsonNode json(HttpResponse<byte[]> answer) throws Exception {
    return new ObjectMapper().readTree(answer.body());
  }
}
