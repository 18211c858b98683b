package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.sink.Footage.Clip;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Segments that arrive while they are filmed, over real HTTP. */
class OpenUploadTest {

  @TempDir Path footage;
  private final Clip clip = Footage.clip("front", 0, 200_000);
  private final int size = clip.bytes().length;
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
  void whatGrewIsTheBeginningOfTheWhole() throws Exception {
    String upload = front.beginOpen(clip.id());
    assertThat(send(upload, 0, 100_000).statusCode()).isEqualTo(204);
    assertThat(send(upload, 100_000, 250_000).statusCode()).isEqualTo(204);
    HttpResponse<String> head = head(upload);
    assertThat(head.headers().firstValue(Tus.DEFER_LENGTH)).contains("1");
    assertThat(head.headers().firstValue(Tus.LENGTH)).isEmpty();

    master.restart();
    front = master.camera("front");
    assertThat(front.beginOpen(clip.id())).isEqualTo(upload);
    assertThat(front.offset(upload)).isEqualTo(250_000);
    assertThat(front.begin(clip)).isEqualTo(upload);
    assertThat(head(upload).headers().firstValue(Tus.LENGTH)).contains(Integer.toString(size));

    master.restart();
    front = master.camera("front");
    assertThat(head(upload).headers().firstValue(Tus.LENGTH)).contains(Integer.toString(size));
    front.fill(upload, clip, 1 << 20);
    assertThat(front.seal(upload, clip.manifest()).statusCode()).isEqualTo(200);
    assertThat(master.incoming()).isEmpty();
    assertThat(front.upload(clip).content()).isEqualTo(clip.manifest().content());
    assertThat(front.beginOpen(clip.id())).isEqualTo(upload);
    assertThat(front.offset(upload)).isEqualTo(size);
    assertThat(master.videos()).hasSize(1);
  }

  @Test
  void manifestMaySealWhatWasNeverToldItsLength() throws Exception {
    String upload = front.beginOpen(clip.id());
    send(upload, 0, 300_000);
    HttpResponse<String> early = front.seal(upload, clip.manifest());
    assertThat(early.statusCode()).isEqualTo(409);
    assertThat(early.headers().firstValueAsLong(Tus.OFFSET)).hasValue(300_000);
    send(upload, 300_000, size);
    assertThat(front.seal(upload, clip.manifest()).statusCode()).isEqualTo(200);
  }

  @Test
  void bytesThatTurnOutToDifferAreSentAgainWhole() throws Exception {
    String upload = front.beginOpen(clip.id());
    byte[] other = Arrays.copyOf(clip.bytes(), 200_000);
    other[777] ^= 1;
    front.patch(upload, 0, other);
    assertThat(front.begin(clip)).isEqualTo(upload);
    front.fill(upload, clip, 1 << 20);
    assertThat(front.seal(upload, clip.manifest()).statusCode()).isEqualTo(422);
    assertThat(front.upload(clip).content()).isEqualTo(clip.manifest().content());
  }

  @Test
  void moreThanTheSegmentCameToBeStaysAnUploadOfItsOwn() throws Exception {
    Clip shorter = Footage.clip("front", 0, 50_000);
    String upload = front.beginOpen(shorter.id());
    send(upload, 0, 200_000);
    assertThat(front.begin(shorter)).isNotEqualTo(upload);
    assertThat(front.offset(upload)).isEqualTo(200_000);
    // it holds no recorder's header, so that nothing of it can be salvaged
    assertThat(front.upload(shorter).content()).isEqualTo(shorter.manifest().content());
  }

  @Test
  void moreThanTheSegmentCameToBeIsSalvagedAndKeptBesideIt() throws Exception {
    Clip whole = Footage.recorded("front", 0, 200_000);
    Clip shorter = Footage.clip("front", 0, 50_000);
    String upload = front.beginOpen(whole.id());
    front.patch(upload, 0, Arrays.copyOf(whole.bytes(), 300_000));
    String other = front.begin(shorter);
    front.fill(other, shorter, 1 << 20);
    assertThat(front.seal(other, shorter.manifest()).statusCode()).isEqualTo(409);
    assertThat(master.quarantined(".mp4")).hasSize(1);
    JsonNode listed =
        new TestPerson(master.server()).get("/api/v1/segments").get("segments").get(0);
    assertThat(listed.get("closed").asText()).isEqualTo("salvaged");
  }

  @Test
  void lengthMayComeWithBytesAndDoesNotChangeAgain() throws Exception {
    String upload = front.beginOpen(clip.id());
    assertThat(declare(upload, 0, size).statusCode()).isEqualTo(204);
    assertThat(head(upload).headers().firstValue(Tus.LENGTH)).contains(Integer.toString(size));
    assertThat(declare(upload, 1000, size + 1).statusCode()).isEqualTo(400);
    assertThat(front.offset(upload)).isEqualTo(1000);
  }

  @Test
  void strangersClientsMayDeferTheLengthToo() throws Exception {
    HttpResponse<String> created =
        front.send(
            front.request(Tus.PATH).header(Tus.DEFER_LENGTH, "1").POST(BodyPublishers.noBody()));
    assertThat(created.statusCode()).isEqualTo(201);
    String upload = created.headers().firstValue("Location").orElseThrow();
    send(upload, 0, size);
    assertThat(front.seal(upload, clip.manifest()).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"0, ", "2, ", "1, 5", "yes, "})
  void oneAndNoLengthIsAllThatMayBeSaid(String defer, String length) throws Exception {
    var request = front.request(Tus.PATH).header(Tus.DEFER_LENGTH, defer);
    if (length != null) {
      request.header(Tus.LENGTH, length);
    }
    assertThat(front.send(request.POST(BodyPublishers.noBody())).statusCode()).isEqualTo(400);
  }

  @Test
  void nobodyBeginsTheSegmentOfAnotherCamera() throws Exception {
    assertThat(master.camera("back").createOpen(clip.id()).statusCode()).isEqualTo(403);
  }

  private HttpResponse<String> send(String upload, int from, int to) throws Exception {
    return front.patch(upload, from, Arrays.copyOfRange(clip.bytes(), from, to));
  }

  private HttpResponse<String> declare(String upload, int offset, int length) throws Exception {
    return front.send(
        front
            .request(upload)
            .header(Tus.OFFSET, Integer.toString(offset))
            .header(Tus.LENGTH, Integer.toString(length))
            .header("Content-Type", Tus.CONTENT_TYPE)
            .method(
                "PATCH",
                BodyPublishers.ofByteArray(
                    Arrays.copyOfRange(clip.bytes(), offset, offset + 1000))));
  }

  private HttpResponse<String> head(String upload) throws Exception {
    return front.send(front.request(upload).method("HEAD", BodyPublishers.noBody()));
  }
}
