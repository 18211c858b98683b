package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.sink.Footage.Clip;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads over real HTTP into a real folder and a real index. */
class UploadTest {

  @TempDir Path footage;
  private MasterServer master;
  private TestCamera front;

  @BeforeEach
  void start() throws Exception {
    master = MasterServer.start(MasterConfig.into(footage).listen("127.0.0.1", 0).build());
    front = new TestCamera(master.url(), master.credentialFor("front"));
  }

  @AfterEach
  void stop() {
    master.close();
  }

  @Test
  void segmentIsStoredUnderItsNameAndReceiptVerifies() throws Exception {
    Clip clip = Footage.clip("front", 7, 3000);

    Receipt receipt = front.upload(clip);

    assertThat(receipt.vouchesFor(front.credential(), clip.id(), clip.manifest().content()))
        .isTrue();
    Path video = footage.resolve("front/2026-11-23/2026-11-23T14-00-14Z_r1-000007.mp4");
    assertThat(video).hasBinaryContent(clip.bytes());
    assertThat(
            ManifestCodec.read(
                footage.resolve("front/2026-11-23/2026-11-23T14-00-14Z_r1-000007.json")))
        .isEqualTo(clip.manifest());
    assertThat(incoming()).isEmpty();
  }

  @Test
  void uploadIsFoundAgainAndGoesOnWhereItWasCut() throws Exception {
    Clip clip = Footage.clip("front", 0, 400_000);
    String upload = front.begin(clip);
    assertThat(front.patch(upload, 0, Arrays.copyOf(clip.bytes(), 100_000)).statusCode())
        .isEqualTo(204);

    assertThat(front.begin(clip)).isEqualTo(upload);
    assertThat(front.offset(upload)).isEqualTo(100_000);
    front.fill(upload, clip, 1 << 20);
    assertThat(front.seal(upload, clip.manifest()).statusCode()).isEqualTo(200);
  }

  @Test
  void chunkWithChecksumThatIsCutDoesNotCount() throws Exception {
    Clip clip = Footage.clip("front", 0, 400_000);
    String upload = front.begin(clip);

    cutPatch(upload, clip, DurableFiles.sha256().digest(clip.bytes()));

    assertThat(front.offset(upload)).isZero();
    front.fill(upload, clip, 1 << 20);
    assertThat(front.seal(upload, clip.manifest()).statusCode()).isEqualTo(200);
  }

  @Test
  void streamWithoutChecksumKeepsWhatArrivedBeforeTheCut() throws Exception {
    Clip clip = Footage.clip("front", 0, 400_000);
    String upload = front.begin(clip);

    cutPatch(upload, clip, null);

    Awaitility.await().until(() -> front.offset(upload), at -> at == 300_000);
    front.fill(upload, clip, 1 << 20);
    assertThat(front.seal(upload, clip.manifest()).statusCode()).isEqualTo(200);
  }

  @Test
  void wrongChecksumIsRefusedAndNothingIsKept() throws Exception {
    Clip clip = Footage.clip("front", 0, 4000);
    String upload = front.begin(clip);

    HttpResponse<String> answer = front.patch(upload, 0, clip.bytes(), new byte[32]);

    assertThat(answer.statusCode()).isEqualTo(460);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .isEqualTo("application/problem+json");
    assertThat(front.offset(upload)).isZero();
  }

  @Test
  void wrongOffsetIsAnsweredWithTheRightOne() throws Exception {
    Clip clip = Footage.clip("front", 0, 4000);
    String upload = front.begin(clip);
    front.patch(upload, 0, Arrays.copyOf(clip.bytes(), 1000));

    HttpResponse<String> answer = front.patch(upload, 0, Arrays.copyOf(clip.bytes(), 1000));

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.headers().firstValue(Tus.OFFSET)).contains("1000");
  }

  @Test
  void manifestBeforeTheBytesIsRefusedAndTheUploadGoesOn() throws Exception {
    Clip clip = Footage.clip("front", 0, 4000);
    String upload = front.begin(clip);
    front.patch(upload, 0, Arrays.copyOf(clip.bytes(), 1000));

    HttpResponse<String> answer = front.seal(upload, clip.manifest());

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.headers().firstValue(Tus.OFFSET)).contains("1000");
    front.fill(upload, clip, 1 << 20);
    assertThat(front.seal(upload, clip.manifest()).statusCode()).isEqualTo(200);
  }

  @Test
  void receiptIsGivenAgainAndVerifiedUploadIsComplete() throws Exception {
    Clip clip = Footage.clip("front", 0, 4000);
    Receipt first = front.upload(clip);

    String upload = front.begin(clip);

    assertThat(front.offset(upload)).isEqualTo(clip.bytes().length);
    HttpResponse<String> again = front.seal(upload, clip.manifest());
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(Receipt.decode(again.body().getBytes(StandardCharsets.UTF_8))).isEqualTo(first);
    assertThat(front.send(front.request(upload).DELETE()).statusCode()).isEqualTo(403);
    assertThat(videos()).hasSize(1);
  }

  @Test
  void tenUploadsOfOneSegmentAtOnceMakeOneSegmentAndTenReceipts() throws Exception {
    Clip clip = Footage.clip("front", 0, 300_000);
    ExecutorService threads = Executors.newFixedThreadPool(10);
    Callable<Receipt> eager =
        () -> {
          String upload = front.begin(clip);
          while (front.offset(upload) < clip.bytes().length) {
            int at = (int) front.offset(upload);
            int to = Math.min(clip.bytes().length, at + 64_000);
            if (at < to) {
              front.patch(upload, at, Arrays.copyOfRange(clip.bytes(), at, to));
            }
          }
          HttpResponse<String> answer = front.seal(upload, clip.manifest());
          assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
          return Receipt.decode(answer.body().getBytes(StandardCharsets.UTF_8));
        };
    try {
      List<Future<Receipt>> receipts = threads.invokeAll(java.util.Collections.nCopies(10, eager));
      for (Future<Receipt> receipt : receipts) {
        assertThat(receipt.get()).isEqualTo(receipts.get(0).get());
      }
    } finally {
      threads.shutdown();
    }
    assertThat(videos()).hasSize(1);
    JsonNode listing = new TestPerson(master).get("/api/v1/segments");
    assertThat(listing.get("total").asInt()).isEqualTo(1);
    assertThat(incoming()).isEmpty();
  }

  @Test
  void sameIdWithOtherBytesIsRefusedBeforeAndAfterTheBytesAndBothAreKept() throws Exception {
    SegmentId id = new SegmentId("front", "0a1b2c3d", 1, 0);
    Clip one = Footage.clip(id, 3000, 1);
    Clip other = Footage.clip(id, 3000, 2);
    front.upload(one);

    assertThat(front.create(other).statusCode()).isEqualTo(409);
    String stranger = beginWithoutMetadata(other.bytes().length);
    front.fill(stranger, other, 1 << 20);
    assertThat(front.seal(stranger, other.manifest()).statusCode()).isEqualTo(409);

    assertThat(videos())
        .singleElement()
        .satisfies(v -> assertThat(v).hasBinaryContent(one.bytes()));
    assertThat(quarantined(".mp4"))
        .singleElement()
        .satisfies(v -> assertThat(v).hasBinaryContent(other.bytes()));
  }

  @Test
  void otherSegmentWithTheSameNameIsStoredBesideIt() throws Exception {
    Clip one = Footage.clip(new SegmentId("front", "0a1b2c3d", 1, 0), 3000, 1);
    Clip reimaged = Footage.clip(new SegmentId("front", "ffffffff", 1, 0), 3000, 2);

    front.upload(one);
    front.upload(reimaged);

    assertThat(videos()).hasSize(2);
    assertThat(footage.resolve("front/2026-11-23/2026-11-23T14-00-00Z_r1-000000.mp4"))
        .hasBinaryContent(one.bytes());
    assertThat(footage.resolve("front/2026-11-23/2026-11-23T14-00-00Z_r1-000000_ffffffff.mp4"))
        .hasBinaryContent(reimaged.bytes());
  }

  @Test
  void plainTusClientBecomesASegmentByItsManifest() throws Exception {
    Clip clip = Footage.clip("front", 3, 3000);
    String upload = beginWithoutMetadata(clip.bytes().length);
    HttpResponse<String> answer =
        front.send(
            front
                .request(upload)
                .header(Tus.OFFSET, "0")
                .header("Content-Type", Tus.CONTENT_TYPE)
                .method("PATCH", BodyPublishers.ofByteArray(clip.bytes())));
    assertThat(answer.statusCode()).isEqualTo(204);

    assertThat(front.seal(upload, clip.manifest()).statusCode()).isEqualTo(200);
    assertThat(front.offset(upload)).isEqualTo(clip.bytes().length);
  }

  @Test
  void bytesOtherThanPromisedAreDroppedAndCanBeSentAgain() throws Exception {
    Clip clip = Footage.clip("front", 0, 3000);
    byte[] flipped = clip.bytes().clone();
    flipped[flipped.length - 5] ^= 1;
    String upload = front.begin(clip);
    front.patch(upload, 0, flipped);

    assertThat(front.seal(upload, clip.manifest()).statusCode()).isEqualTo(422);

    assertThat(videos()).isEmpty();
    assertThat(front.begin(clip)).isEqualTo(upload);
    assertThat(front.offset(upload)).isZero();
    front.upload(clip);
    assertThat(videos()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "one", "cut", "noKeyframe", "tail"})
  void whatDoesNotPlayGoesIntoQuarantineWithTheReason(String fault) throws Exception {
    byte[] whole = Footage.mp4(3000, 1, !fault.equals("noKeyframe"));
    byte[] bytes =
        switch (fault) {
          case "text" -> "this is no video at all".getBytes(StandardCharsets.UTF_8);
          case "one" -> new byte[] {1};
          case "cut" -> Arrays.copyOf(whole, whole.length - 1);
          case "tail" -> Arrays.copyOf(whole, whole.length + 3);
          default -> whole;
        };
    Clip clip = Footage.of(new SegmentId("front", "0a1b2c3d", 1, 0), bytes, List.of());
    String upload = front.begin(clip);
    front.fill(upload, clip, 1 << 20);

    HttpResponse<String> answer = front.seal(upload, clip.manifest());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
    assertThat(answer.body()).contains("quarantine").doesNotContain(footage.toString());
    assertThat(videos()).isEmpty();
    assertThat(quarantined(".mp4")).hasSize(1);
    assertThat(quarantined(".reason")).hasSize(1);
    assertThat(incoming()).isEmpty();
  }

  @Test
  void foreignCameraNeitherSeesNorChangesAnUpload() throws Exception {
    Clip clip = Footage.clip("front", 0, 3000);
    String upload = front.begin(clip);
    TestCamera back = new TestCamera(master.url(), master.credentialFor("back"));

    assertThat(back.create(clip).statusCode()).isEqualTo(403);
    assertThat(back.patch(upload, 0, clip.bytes()).statusCode()).isEqualTo(404);
    assertThat(back.seal(upload, clip.manifest()).statusCode()).isEqualTo(403);
    assertThat(back.send(back.request(upload).DELETE()).statusCode()).isEqualTo(404);
    assertThat(back.send(back.request(upload).method("HEAD", BodyPublishers.noBody())).statusCode())
        .isEqualTo(404);
    front.upload(clip);
    assertThat(back.seal(upload, clip.manifest()).statusCode()).isEqualTo(403);
  }

  @Test
  void droppedUploadIsGone() throws Exception {
    Clip clip = Footage.clip("front", 0, 3000);
    String upload = front.begin(clip);
    front.fill(upload, clip, 1 << 20);

    assertThat(front.send(front.request(upload).DELETE()).statusCode()).isEqualTo(204);

    assertThat(front.patch(upload, 0, clip.bytes()).statusCode()).isEqualTo(404);
    assertThat(incoming()).isEmpty();
  }

  @Test
  void protocolErrorsHaveTheirStatus() throws Exception {
    Clip clip = Footage.clip("front", 0, 3000);
    String upload = front.begin(clip);

    assertThat(
            front
                .send(
                    front
                        .request(Tus.PATH)
                        .setHeader(Tus.RESUMABLE, "0.2.2")
                        .POST(BodyPublishers.noBody()))
                .statusCode())
        .isEqualTo(412);
    assertThat(front.send(front.request(Tus.PATH).POST(BodyPublishers.noBody())).statusCode())
        .isEqualTo(400);
    assertThat(created("0")).isEqualTo(400);
    assertThat(created("-1")).isEqualTo(400);
    assertThat(created("1152921504606846976")).isEqualTo(400);
    assertThat(created("100000000000000000")).isEqualTo(413);
    assertThat(
            front
                .send(
                    front
                        .request(upload)
                        .header(Tus.OFFSET, "0")
                        .method("PATCH", BodyPublishers.ofByteArray(clip.bytes())))
                .statusCode())
        .isEqualTo(415);
    assertThat(front.patch(upload, 0, new byte[(1 << 20) + 1]).statusCode()).isEqualTo(413);
    assertThat(front.patch(upload, 0, new byte[clip.bytes().length + 1]).statusCode())
        .isEqualTo(413);
    assertThat(front.patch(upload, 0, clip.bytes(), new byte[3]).statusCode()).isEqualTo(400);
    assertThat(
            front
                .send(front.request(upload + "/manifest").PUT(BodyPublishers.ofString("{}")))
                .statusCode())
        .isEqualTo(400);
    HttpResponse<String> options =
        front.send(front.request(Tus.PATH).method("OPTIONS", BodyPublishers.noBody()));
    assertThat(options.statusCode()).isEqualTo(204);
    assertThat(options.headers().firstValue("Tus-Extension"))
        .contains("creation,checksum,termination");
  }

  @Test
  void restartKeepsSegmentsPartialsAndCredentials() throws Exception {
    Clip done = Footage.clip("front", 0, 3000);
    Clip half = Footage.clip("front", 1, 3000);
    Receipt receipt = front.upload(done);
    String upload = front.begin(half);
    front.patch(upload, 0, Arrays.copyOf(half.bytes(), 2000));
    master.close();

    start();

    assertThat(front.offset(upload)).isEqualTo(2000);
    assertThat(front.upload(done)).isEqualTo(receipt);
    front.upload(half);
    assertThat(new TestPerson(master).get("/api/v1/segments").get("total").asInt()).isEqualTo(2);
  }

  @Test
  void fullDiskIsSaidBeforeAnythingIsTaken() throws Exception {
    master.close();
    long free = Files.getFileStore(footage).getUsableSpace();
    long total = Files.getFileStore(footage).getTotalSpace();
    master =
        MasterServer.start(
            MasterConfig.into(footage)
                .listen("127.0.0.1", 0)
                .minFreeBytes(free + (total - free) / 2)
                .build());
    front = new TestCamera(master.url(), master.credentialFor("front"));

    assertThat(front.create(Footage.clip("front", 0, 3000)).statusCode()).isEqualTo(507);

    assertThat(incoming()).isEmpty();
  }

  @Test
  void secondRequestAtAnUploadIsToldThatItIsBusy() throws Exception {
    Clip clip = Footage.clip("front", 0, 400_000);
    String upload = front.begin(clip);
    try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), master.url().getPort())) {
      slow.getOutputStream().write(patchHead(upload, clip, null));
      slow.getOutputStream().write(clip.bytes(), 0, 1000);
      slow.getOutputStream().flush();
      Awaitility.await().until(() -> front.offset(upload), at -> at == 1000);

      assertThat(front.patch(upload, 1000, new byte[10]).statusCode()).isEqualTo(423);
      assertThat(front.send(front.request(upload).DELETE()).statusCode()).isEqualTo(423);
    }
  }

  @Test
  void timesBeyondTheCalendarAreRefused() throws Exception {
    Clip clip = Footage.clip("front", 0, 500);
    String upload = front.begin(clip);
    front.fill(upload, clip, 1 << 20);
    String json = new String(ManifestCodec.encode(clip.manifest()), StandardCharsets.UTF_8);
    for (String start : List.of("-999999999-01-01T00:00:00Z", "1969-12-31T23:59:59Z")) {
      HttpResponse<String> answer =
          front.send(
              front
                  .request(upload + "/manifest")
                  .PUT(BodyPublishers.ofString(json.replace("2026-11-23T14:00:00Z", start))));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    }
    assertThat(front.seal(upload, clip.manifest()).statusCode()).isEqualTo(200);
  }

  /** Claims the whole body and breaks the connection after 300,000 bytes. */
  private void cutPatch(String upload, Clip clip, byte[] checksum) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), master.url().getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(patchHead(upload, clip, checksum));
      out.write(clip.bytes(), 0, 300_000);
      out.flush();
      if (checksum == null) {
        Awaitility.await()
            .atMost(Duration.ofSeconds(10))
            .until(() -> front.offset(upload), at -> at == 300_000);
      }
    }
  }

  private byte[] patchHead(String upload, Clip clip, byte[] checksum) {
    String head =
        "PATCH "
            + upload
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
            + "Content-Type: application/offset+octet-stream\r\nContent-Length: "
            + clip.bytes().length
            + "\r\nAuthorization: Bearer "
            + front.credential().token()
            + "\r\n"
            + (checksum == null
                ? ""
                : "Upload-Checksum: sha256 "
                    + java.util.Base64.getEncoder().encodeToString(checksum)
                    + "\r\n")
            + "\r\n";
    return head.getBytes(StandardCharsets.US_ASCII);
  }

  private int created(String length) throws Exception {
    return front
        .send(front.request(Tus.PATH).header(Tus.LENGTH, length).POST(BodyPublishers.noBody()))
        .statusCode();
  }

  private String beginWithoutMetadata(long length) throws Exception {
    return front
        .send(
            front
                .request(Tus.PATH)
                .header(Tus.LENGTH, Long.toString(length))
                .POST(BodyPublishers.noBody()))
        .headers()
        .firstValue("Location")
        .orElseThrow();
  }

  private List<Path> videos() throws Exception {
    Path camera = footage.resolve("front");
    if (!Files.exists(camera)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(camera)) {
      return files.filter(f -> f.toString().endsWith(".mp4")).toList();
    }
  }

  private List<Path> incoming() throws Exception {
    try (Stream<Path> files = Files.list(footage.resolve(".raspberryspy/incoming"))) {
      return files.toList();
    }
  }

  private List<Path> quarantined(String ending) throws Exception {
    try (Stream<Path> files = Files.list(footage.resolve(".raspberryspy/quarantine"))) {
      return files.filter(f -> f.toString().endsWith(ending)).toList();
    }
  }
}
