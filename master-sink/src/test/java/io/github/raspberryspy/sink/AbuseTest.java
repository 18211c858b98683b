package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.sink.Footage.Clip;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a camera with a valid token of its own could do to the footage of others, and must not. */
class AbuseTest {

  private static final long HUGE = 1L << 30; // and yet less than a disk has free

  private static final String CHUNK =
      "Upload-Checksum: sha256 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\nContent-Length: 1048576";

  @TempDir Path footage;

  @Test
  void aBodyThatIsOnlyAnnouncedDeletesNothing() throws Exception {
    FileStore disk = Files.getFileStore(footage);
    long reserve = disk.getUsableSpace() - (512L << 20);
    try (MasterServer master = start(MasterConfig.into(footage).minFreeBytes(reserve))) {
      TestCamera good = new TestCamera(master.url(), master.credentialFor("good"));
      TestPerson person = new TestPerson(master);
      for (int i = 0; i < 3; i++) {
        good.upload(Footage.clip("good", i, 500));
      }
      TestCamera evil = new TestCamera(master.url(), master.credentialFor("evil"));
      try (Socket announced = announce(master, evil)) {
        assertThat(announced.isConnected()).isTrue();
        for (int i = 0; i < 5; i++) {
          evil.upload(Footage.clip("evil", i, 500)); // wakes retention
        }
        await()
            .during(Duration.ofSeconds(2))
            .atMost(Duration.ofSeconds(10))
            .untilAsserted(
                () ->
                    assertThat(person.get("/api/v1/segments?camera=good").get("total").asInt())
                        .isEqualTo(3));
      }
    }
  }

  @Test
  void aSegmentThatWasDamagedHereGetsNoSecondReceiptAndIsTakenAnew() throws Exception {
    try (MasterServer master = start(MasterConfig.into(footage))) {
      TestCamera front = new TestCamera(master.url(), master.credentialFor("front"));
      Clip clip = Footage.clip("front", 0, 5000);
      front.upload(clip);
      Path video = footage.resolve("front/2026-11-23/2026-11-23T14-00-00Z_r1-000000.mp4");
      byte[] damaged = clip.bytes().clone();
      damaged[damaged.length - 5] ^= 1;
      Files.write(video, damaged);

      String again = front.begin(clip);
      assertThat(front.seal(again, clip.manifest()).statusCode()).isEqualTo(404);

      front.upload(clip);
      assertThat(Files.readAllBytes(video)).isEqualTo(clip.bytes());
    }
  }

  @Test
  void timesFarInTheFutureAreRefusedOrKeptAndNeverKeepTheMasterFromStarting() throws Exception {
    Clip clip = Footage.clip("front", 0, 500);
    SegmentManifest m = clip.manifest();
    Instant far = Instant.parse("2300-01-01T00:00:00Z");
    SegmentManifest strange =
        new SegmentManifest(
            m.id(),
            m.start(),
            m.end(),
            m.clock(),
            m.firstPtsUs(),
            m.frames(),
            m.video(),
            m.content(),
            List.of(new EventSpan(m.start(), far, 0.5, List.of(), List.of())),
            List.of(),
            m.closed());
    try (MasterServer master = start(MasterConfig.into(footage))) {
      TestCamera front = new TestCamera(master.url(), master.credentialFor("front"));
      String upload = front.begin(clip);
      front.fill(upload, clip, 1 << 20);
      assertThat(front.seal(upload, strange).statusCode()).isLessThan(500);
      assertThat(
              new TestPerson(master).get("/api/v1/segments?from=2300-01-01T00:00:00Z").get("total"))
          .isNotNull();
    }
    Files.delete(footage.resolve(".raspberryspy/index.db"));
    try (MasterServer master = start(MasterConfig.into(footage))) {
      assertThat(new TestPerson(master).get("/api/v1/cameras")).isNotNull();
    }
  }

  @Test
  void aPathWithASlashAtItsEndOpensNoLinkForAPerson() throws Exception {
    try (MasterServer master = start(MasterConfig.into(footage))) {
      TestPerson person = new TestPerson(master);
      String request =
          "GET "
              + Tus.LINK_PATH
              + "/ HTTP/1.1\r\nHost: "
              + master.url().getAuthority()
              + "\r\nCookie: "
              + person.cookie()
              + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
              + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
      assertThat(firstLine(master, request)).doesNotContain(" 101");
    }
  }

  /** The second kind waits for a chunk that is checked before it counts, and is held meanwhile. */
  @ParameterizedTest
  @ValueSource(strings = {"", CHUNK})
  void oneCamerasRequestsDoNotTakeTheThreadsAndTheMemoryOfTheOthers(String what) throws Exception {
    try (MasterServer master = start(MasterConfig.into(footage))) {
      TestCamera evil = new TestCamera(master.url(), master.credentialFor("evil"));
      List<Socket> hanging = new ArrayList<>();
      try {
        for (int i = 0; i < 32; i++) {
          hanging.add(
              what.isEmpty() ? announce(master, evil) : announce(master, evil, begin(evil), what));
        }
        await().untilAsserted(() -> assertThat(ask(evil)).isEqualTo(429));
        new TestCamera(master.url(), master.credentialFor("good"))
            .upload(Footage.clip("good", 0, 500));
      } finally {
        for (Socket socket : hanging) {
          socket.close();
        }
      }
      await().untilAsserted(() -> assertThat(ask(evil)).isEqualTo(201));
    }
  }

  @Test
  void fourCamerasThatSendNothingOfManyChunksKeepNoOtherOneOut() throws Exception {
    try (MasterServer master = start(MasterConfig.into(footage))) {
      List<Socket> hanging = new ArrayList<>();
      try {
        for (String name : List.of("evil1", "evil2", "evil3", "evil4")) {
          TestCamera evil = new TestCamera(master.url(), master.credentialFor(name));
          Optional<String> upload = tryToBegin(evil);
          for (int i = 0; i < 32 && upload.isPresent(); i++) {
            hanging.add(announce(master, evil, upload.get(), CHUNK));
            upload = tryToBegin(evil);
          }
        }
        TestCamera good = new TestCamera(master.url(), master.credentialFor("good"));
        long begin = System.nanoTime();
        for (int i = 0; i < 3; i++) {
          good.upload(Footage.clip("good", i, 500));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
      } finally {
        for (Socket socket : hanging) {
          socket.close();
        }
      }
    }
  }

  /** Its link broke while its chunks were on their way, and nobody told the master. */
  @Test
  void aCameraThatComesBackDoesNotWaitForItsChunksThatHang() throws Exception {
    try (MasterServer master = start(MasterConfig.into(footage))) {
      TestCamera good = new TestCamera(master.url(), master.credentialFor("good"));
      List<Socket> hanging = new ArrayList<>();
      List<String> uploads = new ArrayList<>();
      try {
        for (int i = 0; i < 4; i++) {
          uploads.add(begin(good));
          hanging.add(announce(master, good, uploads.get(i), CHUNK));
        }
        assertThat(ask(good)).isEqualTo(201);
        for (int i = 0; i < 4; i++) {
          assertThat(good.patch(uploads.get(i), 0, new byte[1000]).statusCode()).isEqualTo(204);
        }
      } finally {
        for (Socket socket : hanging) {
          socket.close();
        }
      }
    }
  }

  private static int ask(TestCamera camera) throws Exception {
    return camera
        .send(
            camera
                .request(Tus.PATH)
                .header(Tus.LENGTH, "5")
                .POST(HttpRequest.BodyPublishers.noBody()))
        .statusCode();
  }

  @Test
  void aBodyThatDripsGivesItsThreadBackAndKeepsWhatCame() throws Exception {
    ManualClock clock = new ManualClock(Instant.parse("2026-11-23T15:00:00Z"));
    try (MasterServer master = start(MasterConfig.into(footage).clock(clock, clock::nanos))) {
      TestCamera evil = new TestCamera(master.url(), master.credentialFor("evil"));
      String upload = begin(evil);
      try (Socket dripping = announce(master, evil, upload)) {
        dripping.setSoTimeout(15_000);
        dripping.getOutputStream().write(1);
        await().untilAsserted(() -> assertThat(evil.offset(upload)).isEqualTo(1));
        clock.advance(Duration.ofSeconds(31));
        dripping.getOutputStream().write(2);
        assertThat(firstLine(dripping)).contains(" 408 ");
        assertThat(evil.offset(upload)).isEqualTo(2);
      }
    }
  }

  private static MasterServer start(MasterConfig.Builder config) throws IOException {
    return MasterServer.start(config.listen("127.0.0.1", 0).build());
  }

  /** The head of a huge PATCH, and not one byte of its body. */
  private static Socket announce(MasterServer master, TestCamera camera) throws Exception {
    return announce(master, camera, begin(camera));
  }

  private static String begin(TestCamera camera) throws Exception {
    return tryToBegin(camera).orElseThrow();
  }

  /** Empty where too much of that camera is under way. */
  private static Optional<String> tryToBegin(TestCamera camera) throws Exception {
    HttpResponse<String> created =
        camera.send(
            camera
                .request(Tus.PATH)
                .header(Tus.LENGTH, Long.toString(HUGE))
                .POST(HttpRequest.BodyPublishers.noBody()));
    return created.headers().firstValue("Location");
  }

  private static Socket announce(MasterServer master, TestCamera camera, String location)
      throws Exception {
    return announce(master, camera, location, "Content-Length: " + HUGE);
  }

  private static Socket announce(
      MasterServer master, TestCamera camera, String location, String what) throws Exception {
    String head =
        "PATCH "
            + location.replaceFirst("https?://[^/]+", "")
            + " HTTP/1.1\r\nHost: "
            + master.url().getAuthority()
            + "\r\nAuthorization: Bearer "
            + camera.credential().token()
            + "\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: "
            + Tus.CONTENT_TYPE
            + "\r\n"
            + what
            + "\r\n\r\n";
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), master.url().getPort());
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String firstLine(MasterServer master, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), master.url().getPort())) {
      socket.setSoTimeout(15_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return firstLine(socket);
    }
  }

  private static String firstLine(Socket socket) throws IOException {
    byte[] answer = new byte[200];
    int n = socket.getInputStream().read(answer);
    return new String(answer, 0, Math.max(n, 0), StandardCharsets.US_ASCII)
        .lines()
        .findFirst()
        .orElse("");
  }
}
