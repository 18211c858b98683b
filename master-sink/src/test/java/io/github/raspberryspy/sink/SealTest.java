package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.sink.Footage.Clip;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of an upload once its manifest is there, in a real folder and a real index. */
class SealTest {

  @TempDir Path footage;
  private TestMaster master;
  private TestCamera front;

  @BeforeEach
  void start() throws Exception {
    master = TestMaster.start(footage);
    front = master.camera("front");
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
    assertThat(master.incoming()).isEmpty();
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
    assertThat(master.videos()).hasSize(1);
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
    assertThat(master.videos()).hasSize(1);
    JsonNode listing = new TestPerson(master.server()).get("/api/v1/segments");
    assertThat(listing.get("total").asInt()).isEqualTo(1);
    assertThat(master.incoming()).isEmpty();
  }

  @Test
  void sameIdWithOtherBytesIsRefusedBeforeAndAfterTheBytesAndBothAreKept() throws Exception {
    SegmentId id = new SegmentId("front", "0a1b2c3d", 1, 0);
    Clip one = Footage.clip(id, 3000, 1);
    Clip other = Footage.clip(id, 3000, 2);
    front.upload(one);

    assertThat(front.create(other).statusCode()).isEqualTo(409);
    String stranger = front.beginUnnamed(other.bytes().length);
    front.fill(stranger, other, 1 << 20);
    assertThat(front.seal(stranger, other.manifest()).statusCode()).isEqualTo(409);

    assertThat(master.videos())
        .singleElement()
        .satisfies(v -> assertThat(v).hasBinaryContent(one.bytes()));
    assertThat(master.quarantined(".mp4"))
        .singleElement()
        .satisfies(v -> assertThat(v).hasBinaryContent(other.bytes()));
  }

  @Test
  void otherSegmentWithTheSameNameIsStoredBesideIt() throws Exception {
    Clip one = Footage.clip(new SegmentId("front", "0a1b2c3d", 1, 0), 3000, 1);
    Clip reimaged = Footage.clip(new SegmentId("front", "ffffffff", 1, 0), 3000, 2);

    front.upload(one);
    front.upload(reimaged);

    assertThat(master.videos()).hasSize(2);
    assertThat(footage.resolve("front/2026-11-23/2026-11-23T14-00-00Z_r1-000000.mp4"))
        .hasBinaryContent(one.bytes());
    assertThat(footage.resolve("front/2026-11-23/2026-11-23T14-00-00Z_r1-000000_ffffffff.mp4"))
        .hasBinaryContent(reimaged.bytes());
  }

  @Test
  void plainTusClientBecomesASegmentByItsManifest() throws Exception {
    Clip clip = Footage.clip("front", 3, 3000);
    String upload = front.beginUnnamed(clip.bytes().length);
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

    assertThat(master.videos()).isEmpty();
    assertThat(front.begin(clip)).isEqualTo(upload);
    assertThat(front.offset(upload)).isZero();
    front.upload(clip);
    assertThat(master.videos()).hasSize(1);
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
    assertThat(master.videos()).isEmpty();
    assertThat(master.quarantined(".mp4")).hasSize(1);
    assertThat(master.quarantined(".reason")).hasSize(1);
    assertThat(master.incoming()).isEmpty();
  }

  @Test
  void restartKeepsSegmentsPartialsAndCredentials() throws Exception {
    Clip done = Footage.clip("front", 0, 3000);
    Clip half = Footage.clip("front", 1, 3000);
    Receipt receipt = front.upload(done);
    String upload = front.begin(half);
    front.patch(upload, 0, Arrays.copyOf(half.bytes(), 2000));
    master.restart();
    front = master.camera("front");

    assertThat(front.offset(upload)).isEqualTo(2000);
    assertThat(front.upload(done)).isEqualTo(receipt);
    front.upload(half);
    assertThat(new TestPerson(master.server()).get("/api/v1/segments").get("total").asInt())
        .isEqualTo(2);
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
}
