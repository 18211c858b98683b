package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.raspberryspy.segments.Mp4Builder;
import io.github.raspberryspy.segments.Poster;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.UnknownSpan;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.index.FileFact;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.store.FootageFolder;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people see, over real HTTP. */
class PeopleApiTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path footage;
  private MasterServer master;
  private TestCamera front;
  private TestPerson person;

  @BeforeEach
  void start() throws Exception {
    master = MasterServer.start(MasterConfig.into(footage).listen("127.0.0.1", 0).build());
    front = new TestCamera(master.url(), master.credentialFor("front"));
    person = new TestPerson(master);
  }

  @AfterEach
  void stop() {
    master.close();
  }

  @Test
  void listingIsNewestFirstInPagesAndCanBeTurned() throws Exception {
    for (int i = 0; i < 5; i++) {
      front.upload(Footage.clip("front", i, 500));
    }

    JsonNode second = person.get("/api/v1/segments?limit=2&page=2");

    assertThat(second.get("total").asInt()).isEqualTo(5);
    assertThat(second.get("pages").asInt()).isEqualTo(3);
    assertThat(sequences(second)).containsExactly(2, 1);
    assertThat(sequences(person.get("/api/v1/segments?order=asc"))).containsExactly(0, 1, 2, 3, 4);
    assertThat(person.get("/api/v1/segments?page=9").get("segments")).isEmpty();
  }

  @Test
  void eachPageSaysWhereTheNextBegins() throws Exception {
    for (int i = 0; i < 4; i++) {
      front.upload(Footage.clip("front", i, 500));
    }

    JsonNode first = person.get("/api/v1/segments?limit=2");
    JsonNode second = person.get("/api/v1/segments?limit=2&after=" + first.get("next").asText());

    assertThat(sequences(first)).containsExactly(3, 2);
    assertThat(sequences(second)).containsExactly(1, 0);
    assertThat(second.has("next")).isFalse();
    assertThat(second.get("hasMore").asBoolean()).isFalse();
  }

  @Test
  void listingFiltersByCameraTimeMotionAndSaved() throws Exception {
    for (int i = 0; i < 4; i++) {
      front.upload(i == 2 ? Footage.withMotion("front", i) : Footage.clip("front", i, 500));
    }
    TestCamera back = new TestCamera(master.url(), master.credentialFor("back"));
    back.upload(Footage.clip("back", 0, 500));
    person.save("front-0a1b2c3d-r1-000003", true);

    assertThat(sequences(person.get("/api/v1/segments?camera=back"))).containsExactly(0);
    assertThat(sequences(person.get("/api/v1/segments?camera=front&motion=true")))
        .containsExactly(2);
    assertThat(sequences(person.get("/api/v1/segments?saved=true"))).containsExactly(3);
    assertThat(sequences(person.get("/api/v1/segments?camera=front&saved=false&motion=false")))
        .containsExactly(1, 0);
    assertThat(
            sequences(
                person.get(
                    "/api/v1/segments?camera=front"
                        + "&from=2026-11-23T14:00:03Z&to=2026-11-23T14:00:04.5Z")))
        .containsExactly(2, 1);
    assertThat(
            sequences(
                person.get(
                    "/api/v1/segments?camera=front"
                        + "&from=2026-11-23T14:00:02Z&to=2026-11-23T14:00:04Z")))
        .containsExactly(1);
  }

  @Test
  void whatIsNotKnownIsNeitherWithMotionNorWithout() throws Exception {
    front.upload(Footage.clip("front", 0, 500));
    front.upload(Footage.withMotion("front", 1));
    front.upload(Footage.unknown("front", 2, "detection failed"));
    front.upload(Footage.unknown("front", 3, UnknownSpan.OFF_SCHEDULE));
    front.upload(Footage.unknown("front", 4, UnknownSpan.NOT_LOOKED_FOR));

    assertThat(sequences(person.get("/api/v1/segments?motion=false"))).containsExactly(0);
    assertThat(sequences(person.get("/api/v1/segments?motion=true"))).containsExactly(1);
    JsonNode unknown = person.get("/api/v1/segments?motion=unknown");
    assertThat(sequences(unknown)).containsExactly(4, 3, 2);
    assertThat(unknown.get("segments").get(0).get("motionUnknown").get(0).get("reason").asText())
        .isEqualTo("not looked for");
  }

  @Test
  void segmentShowsItsManifestAndWhatTheMasterAdds() throws Exception {
    Clip clip = Footage.withMotion("front", 1);
    front.upload(clip);

    JsonNode segment = person.get("/api/v1/segments/" + clip.id());

    SegmentManifest m = clip.manifest();
    assertThat(segment.get("sha256").asText()).isEqualTo(m.content().sha256());
    assertThat(segment.get("start").asText()).isEqualTo(m.start().toString());
    assertThat(segment.get("motion").get(0).get("zones").get(0).asText()).isEqualTo("door");
    assertThat(segment.get("saved").asBoolean()).isFalse();
    assertThat(segment.get("receivedAt").asText()).startsWith("20");
  }

  @ParameterizedTest
  @CsvSource({
    "page=0,page",
    "page=x,page",
    "after=x,after",
    "after=12.front,after",
    "after=99999999999999999999.front-0a1b2c3d-r1-000003,after",
    "limit=1001,limit",
    "from=yesterday,from",
    "motion=maybe,motion",
    "order=up,order",
    "camera=../etc,camera",
    "colour=red,colour",
    "page=1&page=2,page"
  })
  void badQueryIsRefusedByName(String query, String name) throws Exception {
    HttpResponse<String> answer = person.send(person.request("/api/v1/segments?" + query));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.body()).contains("parameter " + name);
  }

  @Test
  void videoComesWholeAndInRanges() throws Exception {
    Clip clip = Footage.clip("front", 0, 100_000);
    front.upload(clip);
    byte[] all = clip.bytes();
    String path = "/api/v1/segments/" + clip.id() + "/video";

    HttpResponse<byte[]> whole = person.bytes(person.request(path));
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.body()).isEqualTo(all);
    assertThat(whole.headers().firstValue("Content-Type")).contains("video/mp4");
    assertThat(whole.headers().firstValue("Accept-Ranges")).contains("bytes");
    String etag = whole.headers().firstValue("ETag").orElseThrow();

    HttpResponse<byte[]> part = range(path, "bytes=10-99");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(all, 10, 100));
    assertThat(part.headers().firstValue("Content-Range")).contains("bytes 10-99/" + all.length);
    assertThat(range(path, "bytes=" + (all.length - 5) + "-").body())
        .isEqualTo(Arrays.copyOfRange(all, all.length - 5, all.length));
    assertThat(range(path, "bytes=-7").body())
        .isEqualTo(Arrays.copyOfRange(all, all.length - 7, all.length));
    assertThat(range(path, "bytes=0-99999999").body()).isEqualTo(all);
    assertThat(range(path, "bytes=" + all.length + "-").statusCode()).isEqualTo(416);
    assertThat(range(path, "bytes=-0").statusCode()).isEqualTo(416);
    assertThat(range(path, "bytes=0-1,5-6").statusCode()).isEqualTo(200);
    assertThat(range(path, "bytes=9-3").statusCode()).isEqualTo(200);
    assertThat(range(path, "lines=1-2").statusCode()).isEqualTo(200);
    HttpRequest.Builder stale = person.request(path).header("Range", "bytes=0-9");
    assertThat(person.bytes(stale.header("If-Range", "\"other\"")).statusCode()).isEqualTo(200);
    assertThat(person.bytes(person.request(path).header("If-None-Match", etag)).statusCode())
        .isEqualTo(304);
    HttpResponse<byte[]> head =
        person.bytes(person.request(path).method("HEAD", BodyPublishers.noBody()));
    assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(all.length);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void theStillThatTheCameraMadeComesAsAPicture() throws Exception {
    byte[] jpeg = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, 1, 2, 3};
    byte[] plain = Footage.mp4(70_000, 1, true);
    byte[] file = Mp4Builder.join(plain, Poster.toBox(jpeg));
    Clip with = Footage.of(Footage.clip("front", 0, 500).id(), file, List.of());
    Clip without = Footage.clip("front", 1, 500);
    front.upload(with);
    front.upload(without);
    String path = "/api/v1/segments/" + with.id() + "/poster.jpg";

    HttpResponse<byte[]> still = person.bytes(person.request(path));
    assertThat(still.statusCode()).isEqualTo(200);
    assertThat(still.body()).isEqualTo(jpeg);
    assertThat(still.headers().firstValue("Content-Type")).contains("image/jpeg");
    String etag = still.headers().firstValue("ETag").orElseThrow();
    assertThat(person.send(person.request(path).header("If-None-Match", etag)).statusCode())
        .isEqualTo(304);
    HttpResponse<String> none =
        person.send(person.request("/api/v1/segments/" + without.id() + "/poster.jpg"));
    assertThat(none.statusCode()).isEqualTo(404);
    assertThat(none.body()).contains("the camera made no still of this segment");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"gzip, deflate, br|true", "br;q=1, GZIP;q=0.5|true", "gzip;q=0|false", "br|false"})
  void textComesPackedToWhoCanUnpackIt(String accepted, boolean packed) throws Exception {
    HttpRequest.Builder request =
        person.request("/js/strings.js").header("Accept-Encoding", accepted);

    HttpResponse<byte[]> answer = person.bytes(request);

    assertThat(answer.headers().firstValue("Content-Encoding").isPresent()).isEqualTo(packed);
    assertThat(answer.headers().firstValue("Vary")).contains("Accept-Encoding");
    String etag = answer.headers().firstValue("ETag").orElseThrow();
    assertThat(person.bytes(request.header("If-None-Match", etag)).statusCode()).isEqualTo(304);
    byte[] plain = person.bytes(person.request("/js/strings.js")).body();
    byte[] text =
        packed
            ? new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes()
            : answer.body();
    assertThat(text).isEqualTo(plain);
    if (packed) {
      assertThat(answer.body().length).isLessThan(plain.length / 2);
    }
  }

  @Test
  void savingIsSeenCountedAndKeptOverARestart() throws Exception {
    Clip clip = Footage.clip("front", 0, 500);
    front.upload(clip);

    assertThat(person.save(clip.id().toString(), true)).isEqualTo(204);
    assertThat(person.save(clip.id().toString(), true)).isEqualTo(204);

    JsonNode storage = person.get("/api/v1/storage");
    assertThat(storage.get("saved").asInt()).isEqualTo(1);
    assertThat(storage.get("savedBytes").asInt()).isEqualTo(clip.bytes().length);
    assertThat(storage.get("usedBytes").asInt()).isEqualTo(clip.bytes().length);
    assertThat(storage.get("totalBytes").asLong()).isPositive();
    assertThat(storage.get("onDisk").asBoolean()).isTrue();
    master.close();
    start();
    assertThat(person.get("/api/v1/segments/" + clip.id()).get("saved").asBoolean()).isTrue();
    assertThat(person.save(clip.id().toString(), false)).isEqualTo(204);
    assertThat(person.get("/api/v1/segments/" + clip.id()).get("saved").asBoolean()).isFalse();
    assertThat(person.save("front-0a1b2c3d-r1-000009", true)).isEqualTo(404);
  }

  @Test
  void daysCamerasAndEventsTellWhatIsThere() throws Exception {
    Clip clip = Footage.withMotion("front", 0);
    front.upload(clip);

    assertThat(person.get("/api/v1/days").toString()).isEqualTo("[\"2026-11-23\"]");
    assertThat(person.get("/api/v1/days?camera=back").toString()).isEqualTo("[]");
    JsonNode camera = person.get("/api/v1/cameras").get(0);
    assertThat(camera.get("id").asText()).isEqualTo("front");
    assertThat(camera.get("state").asText()).isEqualTo("never");
    assertThat(camera.get("segments").asInt()).isEqualTo(1);
    assertThat(camera.get("latestSegment").asText()).isEqualTo(clip.id().toString());
    assertThat(person.get("/api/v1/cameras/front")).isEqualTo(camera);
    assertThat(person.send(person.request("/api/v1/cameras/back")).statusCode()).isEqualTo(404);
    JsonNode events = person.get("/api/v1/events?camera=front&from=2026-11-23T14:00:01Z");
    assertThat(events).hasSize(1);
    assertThat(events.get(0).get("type").asText()).isEqualTo("motion");
    assertThat(events.get(0).get("start").asText()).isEqualTo("2026-11-23T14:00:00.500Z");
    assertThat(events.get(0).get("segment").asText()).isEqualTo(clip.id().toString());
    assertThat(person.get("/api/v1/events?to=2026-11-23T14:00:00Z")).isEmpty();
  }

  @Test
  void whatIsDamagedIsListedAndSaysWhy() throws Exception {
    Clip whole = Footage.clip("front", 0, 500);
    Clip damaged = Footage.clip("front", 1, 500);
    front.upload(whole);
    front.upload(damaged);
    assertThat(person.get("/api/v1/damage")).isEmpty();
    master.close();
    try (SegmentIndex index = SegmentIndex.open(FootageFolder.open(footage).index())) {
      for (FileFact fact : index.damage().after("", 9)) {
        if (fact.id().equals(damaged.id())) {
          index.damage().note(fact, "its bytes changed", Instant.now());
        }
      }
    }
    start();

    JsonNode list = person.get("/api/v1/damage");
    assertThat(list.findValuesAsText("id")).containsExactly(damaged.id().toString());
    assertThat(list.get(0).get("damaged").asText()).isEqualTo("its bytes changed");
    assertThat(person.get("/api/v1/segments/" + whole.id()).has("damaged")).isFalse();
    assertThat(person.get("/api/v1/troubles").findValuesAsText("kind")).contains("damage");
  }

  @Test
  void signInLinkOpensASessionAndAWrongTokenDoesNot() throws Exception {
    HttpResponse<String> signedIn = get(master.signInLink(), null);
    assertThat(signedIn.statusCode()).isEqualTo(303);
    assertThat(signedIn.headers().firstValue("Location").orElse("")).endsWith("/");
    String cookie = signedIn.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie).contains("HttpOnly", "SameSite=Strict", "Path=/");

    HttpResponse<String> wrong = get(master.url().resolve("/sign-in?token=guess"), null);
    assertThat(wrong.statusCode()).isEqualTo(401);
    assertThat(wrong.headers().firstValue("Set-Cookie")).isEmpty();
    HttpResponse<String> home = get(master.url(), null);
    assertThat(home.statusCode()).isEqualTo(401);
    assertThat(home.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
    HttpResponse<String> forged = get(master.url().resolve("/api/v1/cameras"), "raspberryspy=x");
    assertThat(forged.statusCode()).isEqualTo(401);
  }

  @Test
  void answersCarryTheHeadersThatKeepBrowsersSafe() throws Exception {
    HttpResponse<String> home = get(master.url(), null);

    String policy = home.headers().firstValue("Content-Security-Policy").orElse("");
    assertThat(policy).contains("default-src 'self'", "frame-ancestors 'none'");
    assertThat(policy).doesNotContain("unsafe");
    assertThat(home.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(home.headers().firstValue("Referrer-Policy")).contains("no-referrer");
    assertThat(home.headers().firstValue("Server")).isEmpty();
    HttpResponse<String> health = get(master.url().resolve("/health"), null);
    assertThat(health.body()).isEqualTo("{\"status\":\"ok\"}");
  }

  @Test
  void changeFromAnotherOriginIsRefused() throws Exception {
    Clip clip = Footage.clip("front", 0, 500);
    front.upload(clip);
    String path = "/api/v1/segments/" + clip.id() + "/saved";

    assertThat(put(path, "Origin", "http://evil.example")).isEqualTo(403);
    assertThat(put(path, "Origin", "null")).isEqualTo(403);
    assertThat(put(path, "Sec-Fetch-Site", "cross-site")).isEqualTo(403);
    assertThat(put(path, "Sec-Fetch-Site", "same-site")).isEqualTo(403);
    assertThat(put(path, "X-Other", "1")).isEqualTo(403);
    String own = "http://127.0.0.1:" + master.url().getPort();
    assertThat(put(path, "Origin", own)).isEqualTo(204);
    assertThat(put(path, "Sec-Fetch-Site", "same-origin")).isEqualTo(204);
    assertThat(put(path, "X-RaspberrySpy", "1")).isEqualTo(204);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        "../..",
        "%2e%2e",
        "%2e%2e%2f",
        "..%2f..%2fetc%2fpasswd",
        "%252e%252e%252f",
        "..%5c",
        "%00",
        "front%00",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "front-0a1b2c3d-r1-000000%2f..",
        "..;/..",
        "%c0%ae%c0%ae",
        ".raspberryspy",
        "master.secret",
        "%E2%80%AE",
        "a%0d%0ab"
      })
  void craftedIdsReachNothing(String id) throws Exception {
    front.upload(Footage.clip("front", 0, 500));
    for (String path :
        List.of(
            "/api/v1/segments/" + id,
            "/api/v1/segments/" + id + "/video",
            "/api/v1/cameras/" + id,
            "/" + id,
            "/css/" + id)) {
      String url = master.url().toString().replaceAll("/$", "") + path;
      HttpResponse<String> answer =
          HTTP.send(
              HttpRequest.newBuilder(URI.create(url)).header("Cookie", person.cookie()).build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(path + answer.body()).isIn(400, 404, 405);
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    }
    HttpResponse<String> upload =
        front.send(front.request("/api/v1/uploads/x").method("HEAD", BodyPublishers.noBody()));
    assertThat(upload.statusCode()).isEqualTo(404);
  }

  @Test
  void hugeHeaderAndNonsenseAreRefused() throws Exception {
    HttpResponse<String> huge = get(master.url(), "a=" + "x".repeat(70_000));
    assertThat(huge.statusCode()).isEqualTo(431);
  }

  @Test
  void clipIdWithOtherCameraNameIsNotFound() throws Exception {
    SegmentId id = new SegmentId("nobody", "0a1b2c3d", 1, 0);
    assertThat(person.send(person.request("/api/v1/segments/" + id)).statusCode()).isEqualTo(404);
  }

  private int put(String path, String header, String value) throws Exception {
    HttpClient free = HttpClient.newHttpClient();
    return free.send(
            person.request(path).header(header, value).PUT(BodyPublishers.noBody()).build(),
            BodyHandlers.ofString())
        .statusCode();
  }

  private HttpResponse<byte[]> range(String path, String range) throws Exception {
    return person.bytes(person.request(path).header("Range", range));
  }

  private static HttpResponse<String> get(URI uri, String cookie) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    if (cookie != null) {
      request.header("Cookie", cookie);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  private static List<Integer> sequences(JsonNode page) {
    List<Integer> sequences = new ArrayList<>();
    page.get("segments").forEach(s -> sequences.add(s.get("sequence").asInt()));
    return sequences;
  }
}
