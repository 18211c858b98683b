package io.github.raspberryspy.sink;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.raspberryspy.segments.wire.CommandCodec;
import io.github.raspberryspy.segments.wire.LinkCodec;
import io.github.raspberryspy.segments.wire.LinkCommand;
import io.github.raspberryspy.segments.wire.LinkMessage.Done;
import io.github.raspberryspy.segments.wire.LinkMessage.Hello;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.sink.live.Snapshots;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures of now, of a camera that is played by the test. */
class SnapshotApiTest {

  private static final String PATH = "/api/v1/cameras/front/snapshot.jpg";
  private static final String CAPTURED = "2026-11-28T12:00:00.250Z";
  private static final byte[] JPEG = {(byte) 0xff, (byte) 0xd8, 1, 2, (byte) 0xff, (byte) 0xd9};

  @TempDir Path footage;
  private TestMaster master;
  private TestPerson person;
  private final BlockingQueue<LinkCommand> asked = new LinkedBlockingQueue<>();
  private WebSocket link;

  @BeforeEach
  void start() throws Exception {
    master = TestMaster.start(footage);
    person = new TestPerson(master.server());
    link =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .header("Authorization", "Bearer " + master.camera("front").credential().token())
            .buildAsync(
                URI.create("ws://127.0.0.1:" + master.url().getPort() + Tus.LINK_PATH), new Ears())
            .join();
    Hello hello = new Hello("front", "0a1b2c3d", "test 1", "test://", "");
    link.sendText(LinkCodec.encode(hello), true).join();
    await()
        .until(
            () -> {
              JsonNode cameras = person.get("/api/v1/cameras");
              return cameras.findValuesAsText("software").contains("test 1");
            });
  }

  @AfterEach
  void stop() {
    link.abort();
    master.close();
  }

  private final class Ears implements WebSocket.Listener {
    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      try {
        asked.add(CommandCodec.decode(text.toString()));
      } catch (Exception e) {
        throw new AssertionError(e);
      }
      socket.request(1);
      return null;
    }
  }

  private CompletableFuture<HttpResponse<byte[]>> get(HttpRequest.Builder request) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return person.bytes(request);
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  private LinkCommand.Snapshot heard() throws InterruptedException {
    return (LinkCommand.Snapshot) asked.poll(10, TimeUnit.SECONDS);
  }

  private int bring(String id, byte[] jpeg) throws Exception {
    return master
        .camera("front")
        .send(
            master
                .camera("front")
                .request(Tus.SNAPSHOT_PATH + id)
                .header(Tus.CAPTURED, CAPTURED)
                .PUT(BodyPublishers.ofByteArray(jpeg)))
        .statusCode();
  }

  private void answer(String id, boolean ok, String sentence) {
    link.sendText(LinkCodec.encode(new Done(id, ok, sentence)), true).join();
  }

  @Test
  void whoeverAsksGetsThePictureThatTheCameraMakesForIt() throws Exception {
    List<CompletableFuture<HttpResponse<byte[]>>> people = new ArrayList<>();
    people.add(get(person.request(PATH)));
    String id = heard().id();
    people.add(
        get(
            person
                .request("/api/v1/cameras/front/commands")
                .header("X-RaspberrySpy", "1")
                .POST(BodyPublishers.ofString("{\"command\":\"snapshot\"}"))));
    assertThat(asked.poll(200, TimeUnit.MILLISECONDS)).as("two ask for one picture").isNull();
    assertThat(bring(id, JPEG)).isEqualTo(204);
    answer(id, true, "");
    for (CompletableFuture<HttpResponse<byte[]>> asks : people) {
      HttpResponse<byte[]> got = asks.get(10, TimeUnit.SECONDS);
      assertThat(got.statusCode()).isEqualTo(200);
      assertThat(got.body()).isEqualTo(JPEG);
      assertThat(got.headers().firstValue("Content-Type")).contains("image/jpeg");
      assertThat(got.headers().firstValue(Tus.CAPTURED)).contains(CAPTURED);
      assertThat(got.headers().firstValue("Content-Disposition").orElseThrow())
          .contains("front_2026-11-28T12-00-00.250Z.jpg");
    }
  }

  @Test
  void whyThereIsNoPictureIsSaidInOneSentence() throws Exception {
    var refused = get(person.request(PATH));
    answer(heard().id(), false, "camera front stopped before a snapshot");
    HttpResponse<byte[]> answer = refused.get(10, TimeUnit.SECONDS);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(new String(answer.body(), UTF_8)).contains("camera front stopped before a snapshot");
    var broken = get(person.request(PATH));
    answer(heard().id(), true, "");
    assertThat(new String(broken.get(10, TimeUnit.SECONDS).body(), UTF_8))
        .contains("camera front has sent no picture");
    var cut = get(person.request(PATH));
    heard();
    link.abort();
    assertThat(cut.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
    HttpResponse<byte[]> away = person.bytes(person.request(PATH));
    assertThat(away.statusCode()).isEqualTo(503);
    assertThat(new String(away.body(), UTF_8)).contains("camera front has no link now");
  }

  @Test
  void whoPlaysNothingElseSeesPictureAfterPicture() throws Exception {
    HttpRequest.Builder request = person.request("/api/v1/cameras/front/live.mjpeg");
    CompletableFuture<HttpResponse<InputStream>> stream =
        HttpClient.newHttpClient().sendAsync(request.build(), BodyHandlers.ofInputStream());
    for (int i = 0; i < 3; i++) {
      String id = heard().id();
      bring(id, JPEG);
      answer(id, true, "");
    }
    HttpResponse<InputStream> answer = stream.get(10, TimeUnit.SECONDS);
    assertThat(answer.headers().firstValue("Content-Type"))
        .contains("multipart/x-mixed-replace; boundary=raspberryspy");
    link.abort(); // then the stream ends as well
    String all = new String(answer.body().readAllBytes(), ISO_8859_1);
    String part =
        "--raspberryspy\r\nContent-Type: image/jpeg\r\nContent-Length: 6\r\n\r\n"
            + new String(JPEG, ISO_8859_1)
            + "\r\n";
    assertThat(all).startsWith(part + part + part + "--raspberryspy\r\n");
  }

  @Test
  void whoeverIsSignedOutMeanwhileSeesNoMore() throws Exception {
    HttpRequest.Builder request = person.request("/api/v1/cameras/front/live.mjpeg");
    CompletableFuture<byte[]> seen =
        HttpClient.newHttpClient()
            .sendAsync(request.build(), BodyHandlers.ofByteArray())
            .thenApply(HttpResponse::body);
    int pictures = 0;
    while (!seen.isDone()) {
      LinkCommand.Snapshot ask =
          (LinkCommand.Snapshot) asked.poll(100, TimeUnit.MILLISECONDS); // nobody: it ends
      if (ask != null) {
        bring(ask.id(), JPEG);
        answer(ask.id(), true, "");
        if (++pictures == 2) {
          int signedOut =
              person
                  .send(
                      person
                          .request("/api/v1/sessions/current")
                          .header("X-RaspberrySpy", "1")
                          .DELETE())
                  .statusCode();
          assertThat(signedOut).isEqualTo(204);
        }
      }
      assertThat(pictures).as("five seconds later the camera goes on").isLessThan(2 + 10);
    }
  }

  @Test
  void whoWaitsForPicturesLeavesCamerasAndOthersTheirThreads() throws Exception {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    List<CompletableFuture<Integer>> people = new ArrayList<>();
    for (int i = 0; i < 160; i++) {
      people.add(
          client
              .sendAsync(person.request(PATH).build(), BodyHandlers.discarding())
              .thenApply(HttpResponse::statusCode));
    }
    String id = heard().id();
    await().until(() -> people.stream().filter(CompletableFuture::isDone).count() == 160 - 16);
    assertThat(people.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join))
        .containsOnly(429);
    TestPerson other = new TestPerson(master.server());
    for (int i = 0; i < 16; i++) {
      other.get("/api/v1/people");
    }
    TestCamera camera = master.camera("front");
    assertThat(
            camera
                .send(camera.request(Tus.PATH).method("OPTIONS", BodyPublishers.noBody()))
                .statusCode())
        .isEqualTo(204);
    assertThat(people.stream().filter(asks -> !asks.isDone())).hasSize(16);
    answer(id, false, "no picture");
  }

  @Test
  void viewersWhoWatchPictureByPictureOrByPlaylistLeaveAnOwnerTheirs() throws Exception {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    for (String name : List.of("ann", "bob", "eve")) {
      String cookie = join(name);
      for (String live : List.of("live.mjpeg", "live.m3u8")) {
        for (int i = 0; i < 16; i++) {
          var unused =
              client.sendAsync(
                  HttpRequest.newBuilder(master.url().resolve("/api/v1/cameras/front/" + live))
                      .header("Cookie", cookie)
                      .build(),
                  BodyHandlers.ofInputStream());
        }
      }
    }
    String id;
    do { // a playlist has the camera send live pictures
      id = asked.poll(10, TimeUnit.SECONDS) instanceof LinkCommand.Snapshot ask ? ask.id() : "";
    } while (id.isEmpty());
    HttpRequest.Builder request = person.request("/api/v1/cameras/front/live.mjpeg");
    CompletableFuture<HttpResponse<InputStream>> stream =
        client.sendAsync(request.build(), BodyHandlers.ofInputStream());
    person.get("/api/v1/cameras"); // its request came after those, and found a thread
    bring(id, JPEG);
    answer(id, true, "");
    assertThat(stream.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  /** Whom the owner invites: the cookie. */
  private String join(String name) throws Exception {
    HttpResponse<String> invited =
        person.send(
            person
                .request("/api/v1/invitations")
                .header("X-RaspberrySpy", "1")
                .POST(BodyPublishers.ofString("{\"role\":\"viewer\"}")));
    String token = invited.body().replaceFirst(".*token=([^\"]*)\".*", "$1");
    String body =
        "{\"token\":\"%s\",\"name\":\"%s\",\"password\":\"seven wet herons\"}"
            .formatted(token, name);
    HttpResponse<Void> joined =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(master.url().resolve("/welcome"))
                    .header("X-RaspberrySpy", "1")
                    .POST(BodyPublishers.ofString(body))
                    .build(),
                BodyHandlers.discarding());
    assertThat(joined.statusCode()).isEqualTo(204);
    return joined.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
  }

  /** The status of a picture of which no byte comes. */
  private int statusOfHead(String id, int bytes) throws Exception {
    try (RawConnections camera = head(id, bytes)) {
      await().until(() -> camera.left() == 0);
      return List.of(404, 409, 413).stream()
          .filter(status -> camera.answers(status) == 1)
          .findFirst()
          .orElseThrow();
    }
  }

  private RawConnections head(String id, int bytes) throws Exception {
    return new RawConnections(master.url())
        .come(
            1,
            "PUT "
                + Tus.SNAPSHOT_PATH
                + id
                + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                + master.camera("front").credential().token()
                + "\r\n"
                + Tus.CAPTURED
                + ": "
                + CAPTURED
                + "\r\nContent-Length: "
                + bytes
                + "\r\n\r\n");
  }

  @Test
  void noByteIsReadOfAPictureThatNobodyAskedForOrThatComesAlready() throws Exception {
    assertThat(statusOfHead("never", Snapshots.MOST_BYTES)).isEqualTo(404);
    var asks = get(person.request(PATH));
    String id = heard().id();
    try (RawConnections first = head(id, JPEG.length)) {
      await().untilAsserted(() -> assertThat(statusOfHead(id, JPEG.length)).isEqualTo(409));
      assertThat(first.left()).isEqualTo(1);
    }
    await().untilAsserted(() -> assertThat(bring(id, JPEG)).isEqualTo(204)); // the first broke off
    answer(id, true, "");
    assertThat(asks.get(10, TimeUnit.SECONDS).body()).isEqualTo(JPEG);
  }

  @Test
  void onlyAJpegThatWasAskedForIsTaken() throws Exception {
    assertThat(bring("never", JPEG)).isEqualTo(404);
    var person1 = get(person.request(PATH));
    String id = heard().id();
    assertThat(bring(id, "<html>".getBytes(UTF_8))).isEqualTo(415);
    assertThat(statusOfHead(id, Snapshots.MOST_BYTES + 1)).isEqualTo(413);
    HttpResponse<String> other =
        master
            .camera("back")
            .send(
                master
                    .camera("back")
                    .request(Tus.SNAPSHOT_PATH + id)
                    .header(Tus.CAPTURED, CAPTURED)
                    .PUT(BodyPublishers.ofByteArray(JPEG)));
    assertThat(other.statusCode()).as("another camera").isEqualTo(404);
    assertThat(bring(id, JPEG)).isEqualTo(204);
    answer(id, true, "");
    assertThat(person1.get(10, TimeUnit.SECONDS).body()).isEqualTo(JPEG);
  }
}
