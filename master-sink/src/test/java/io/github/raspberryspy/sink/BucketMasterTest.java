package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.raspberryspy.s3.S3Bucket;
import io.github.raspberryspy.segments.faults.FaultProxy;
import io.github.raspberryspy.segments.faults.Toxic;
import io.github.raspberryspy.segments.servers.S3Server;
import io.github.raspberryspy.sink.Footage.Clip;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A master whose sealed footage is in a bucket of a real server. */
@Timeout(180)
class BucketMasterTest extends BucketFixture {

  /** So many bytes go in two parts. */
  private static final int LARGE = 10 << 20;

  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T00:00:00Z"));
  private final Clip clip = Footage.recorded("front", 0, 3000);
  private final Clip second = Footage.recorded("front", 1, 3000);

  private TestMaster master() throws IOException {
    return master(store());
  }

  private TestMaster master(S3Bucket store) throws IOException {
    return TestMaster.start(
        footage,
        m -> m.minFreeBytes(0).maxAge(Duration.ZERO).clock(clock, clock::nanos).store(store));
  }

  private static int send(TestPerson person, String method, String path) throws Exception {
    return person
        .send(
            person
                .request("/api/v1/" + path)
                .header("X-RaspberrySpy", "1")
                .method(method, BodyPublishers.noBody()))
        .statusCode();
  }

  private static String video(Clip of) {
    return "/api/v1/segments/" + of.id() + "/video";
  }

  /** The names of objects, without the one that says whose they are and the probe's. */
  private List<String> objects() throws IOException {
    try (Stream<Path> files = Files.walk(bucket)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> bucket.relativize(file).toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    }
  }

  private Path object(Clip of, String ending) {
    return bucket.resolve("front/2026-11-23").resolve(of.manifest().name() + ending);
  }

  @Test
  void segmentsGoIntoTheBucketInPartsAndRangesOfThemComeFromThere() throws Exception {
    Clip large = Footage.recorded("front", 1, LARGE);
    try (TestMaster master = master()) {
      master.camera("front").upload(clip);
      master.camera("front").upload(large);

      assertThat(master.videos()).as("in the footage folder").isEmpty();
      assertThat(master.incoming()).isEmpty();
      assertThat(object(clip, ".mp4")).hasBinaryContent(clip.bytes());
      assertThat(object(large, ".mp4")).hasBinaryContent(large.bytes());
      assertThat(object(large, ".json")).exists();
      TestPerson person = new TestPerson(master.server());
      assertThat(person.get("/api/v1/storage").get("onDisk").asBoolean()).isFalse();
      assertThat(person.bytes(person.request(video(clip))).body()).isEqualTo(clip.bytes());
      HttpResponse<byte[]> part =
          person.bytes(person.request(video(large)).header("Range", "bytes=9000000-9000099"));
      assertThat(part.statusCode()).isEqualTo(206);
      assertThat(part.body()).isEqualTo(Arrays.copyOfRange(large.bytes(), 9_000_000, 9_000_100));
      assertThat(part.headers().firstValue("Content-Range"))
          .contains("bytes 9000000-9000099/" + large.bytes().length);
      byte[] end = person.bytes(person.request(video(large)).header("Range", "bytes=-50")).body();
      assertThat(end)
          .isEqualTo(
              Arrays.copyOfRange(large.bytes(), large.bytes().length - 50, large.bytes().length));
    }
  }

  @Test
  void savedDeletedAndHadBackIsAsWithFiles() throws Exception {
    try (TestMaster master = master()) {
      TestPerson person = new TestPerson(master.server());
      master.camera("front").upload(clip);
      assertThat(person.save(clip.id().toString(), true)).isEqualTo(204);
      assertThat(object(clip, ".saved")).exists();
      assertThat(send(person, "DELETE", "segments/" + clip.id())).isEqualTo(409);
      assertThat(person.save(clip.id().toString(), false)).isEqualTo(204);
      assertThat(object(clip, ".saved")).doesNotExist();
      assertThat(send(person, "DELETE", "segments/" + clip.id())).isEqualTo(204);
      assertThat(object(clip, ".trashed")).exists();
      assertThat(send(person, "POST", "trash/" + clip.id() + "/restore")).isEqualTo(204);
      assertThat(object(clip, ".trashed")).doesNotExist();
      assertThat(send(person, "DELETE", "segments/" + clip.id())).isEqualTo(204);
      clock.advance(Duration.ofDays(8));
      master.camera("front").upload(second); // wakes retention
      await().untilAsserted(() -> assertThat(objects()).hasSize(2));
      assertThat(object(second, ".mp4")).exists();
    }
  }

  @Test
  void theSavedMarkAloneKeepsASegment() throws Exception {
    try (TestMaster master = master()) {
      TestPerson person = new TestPerson(master.server());
      master.camera("front").upload(clip);
      Files.createFile(object(clip, ".saved"));
      assertThat(send(person, "DELETE", "segments/" + clip.id())).isEqualTo(409);
    }
  }

  @Test
  void aLostIndexIsFilledFromTheBucketAlone() throws Exception {
    Clip third = Footage.clip("yard", 2, 900);
    try (TestMaster master = master()) {
      TestPerson person = new TestPerson(master.server());
      master.camera("front").upload(clip);
      master.camera("front").upload(second);
      master.camera("yard").upload(third);
      person.save(clip.id().toString(), true);
      assertThat(send(person, "DELETE", "segments/" + second.id())).isEqualTo(204);
    }
    for (String ending : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(footage.resolve(".raspberryspy/index.db" + ending));
    }
    try (TestMaster master = master()) {
      TestPerson person = new TestPerson(master.server());
      JsonNode list = person.get("/api/v1/segments").get("segments");
      assertThat(list.findValuesAsText("id"))
          .containsExactlyInAnyOrder(clip.id().toString(), third.id().toString());
      assertThat(person.get("/api/v1/storage").get("saved").asInt()).isOne();
      assertThat(send(person, "POST", "trash/" + second.id() + "/restore")).isEqualTo(204);
      assertThat(person.bytes(person.request(video(second))).body()).isEqualTo(second.bytes());
    }
  }

  @Test
  void whileTheBucketIsAwayCamerasGoOnSendingAndNoReceiptIsGiven() throws Exception {
    try (TestMaster master = master()) {
      TestCamera front = master.camera("front");
      TestPerson person = new TestPerson(master.server());
      front.upload(clip);
      String upload = front.begin(second);
      server.kill();

      front.fill(upload, second, 1 << 20);
      HttpResponse<String> refused = front.seal(upload, second.manifest());
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      assertThat(refused.body()).contains("bucket cctv of 127.0.0.1");
      assertThat(person.bytes(person.request(video(clip))).statusCode()).isEqualTo(503);
      assertThat(send(person, "DELETE", "segments/" + clip.id())).isEqualTo(503);
      assertThat(front.create(clip).statusCode()).as("what may be there").isEqualTo(503);
      await()
          .untilAsserted(
              () ->
                  assertThat(person.get("/api/v1/troubles").toString())
                      .contains("bucket-away", "bucket cctv of 127.0.0.1"));
      assertThat(person.get("/api/v1/segments").get("total").asInt()).isOne();

      server.restart();
      assertThat(front.seal(upload, second.manifest()).statusCode()).isEqualTo(200);
      assertThat(object(second, ".mp4")).hasBinaryContent(second.bytes());
      await().untilAsserted(() -> assertThat(person.get("/api/v1/troubles")).isEmpty());
      assertThat(send(person, "DELETE", "segments/" + clip.id())).isEqualTo(204);
    }
  }

  @Test
  void aBucketThatIsGoneIsNotTakenForFootageThatIs() throws Exception {
    try (TestMaster master = master()) {
      TestCamera front = master.camera("front");
      front.upload(clip);
      Path aside = folder.resolve("aside");
      Files.move(server.bucket("cctv"), aside);
      await().untilAsserted(() -> assertThat(front.create(clip).statusCode()).isEqualTo(503));

      Files.createDirectories(server.bucket("cctv")); // an empty one of the same name
      assertThat(front.create(clip).statusCode()).isEqualTo(503);

      Files.delete(server.bucket("cctv"));
      Files.move(aside, server.bucket("cctv"));
      assertThat(front.create(clip).headers().firstValue("Upload-Offset"))
          .contains(String.valueOf(clip.bytes().length));
    }
  }

  @Test
  void anUploadIntoTheBucketThatBreaksGoesOnAtThePart() throws Exception {
    Clip large = Footage.recorded("front", 1, LARGE);
    try (FaultProxy network = new FaultProxy(server.port(), 1)) {
      URI through = URI.create("http://127.0.0.1:" + network.port());
      S3Bucket store = TestBucket.of(through, "s3://cctv/home", S3Server.SECRET_KEY, false, folder);
      try (TestMaster master = master(store)) {
        TestCamera front = master.camera("front");
        String upload = front.begin(large);
        front.fill(upload, large, 1 << 20);
        network.upstream(new Toxic.LimitData((16 << 20) + 1_000_000));
        assertThat(front.seal(upload, large.manifest()).statusCode()).isEqualTo(503);
        assertThat(object(large, ".mp4")).doesNotExist();
        network.heal();
        network.upstream(new Toxic.LimitData(16 << 20)); // not enough for the first part again
        assertThat(front.seal(upload, large.manifest()).statusCode()).isEqualTo(200);
      }
    }
    assertThat(object(large, ".mp4")).hasBinaryContent(large.bytes());
  }

  @Test
  void aMasterThatDiesWhileItSealsFinishesAtTheNextStart() throws Exception {
    try (TestMaster master = master()) {
      TestCamera front = master.camera("front");
      String upload = front.begin(clip);
      front.fill(upload, clip, 1 << 20);
      server.kill();
      assertThat(front.seal(upload, clip.manifest()).statusCode()).isEqualTo(503);
    }
    server.restart();
    try (TestMaster master = master()) {
      TestPerson person = new TestPerson(master.server());
      assertThat(person.get("/api/v1/segments").get("total").asInt()).isOne();
      assertThat(master.incoming()).isEmpty();
    }
  }

  @Test
  void whatCannotBeTheStoreIsRefusedAtTheStart() throws Exception {
    assertThatThrownBy(
            () -> master(TestBucket.of(server.uri(), "s3://cctv/home", "wrong", false, folder)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("refuses this master's key");
    assertThatThrownBy(() -> master(TestBucket.of(server, "s3://absent", folder)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("there is no bucket absent");
    try (TestMaster master = master()) {
      master.camera("front").upload(clip);
    }
    footage = folder.resolve("other");
    assertThatThrownBy(this::master)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is the store of another footage folder");
  }

  @Test
  void anEmptyBucketIsNotBegunInPlaceOfTheOneWithTheFootage() throws Exception {
    try (TestMaster master = master()) {
      master.camera("front").upload(clip);
    }
    Path aside = folder.resolve("aside");
    Files.move(server.bucket("cctv"), aside);
    Files.createDirectories(server.bucket("cctv")); // as of a store whose disk is not mounted
    assertThatThrownBy(this::master)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not the one that the footage was kept in before")
        .hasMessageContaining("delete .raspberryspy/store");
    assertThat(server.bucket("cctv")).isEmptyDirectory();

    Files.delete(server.bucket("cctv"));
    Files.move(aside, server.bucket("cctv"));
    try (TestMaster master = master()) {
      TestPerson person = new TestPerson(master.server());
      assertThat(person.bytes(person.request(video(clip))).body()).isEqualTo(clip.bytes());
    }
    Files.delete(footage.resolve(".raspberryspy/store"));
    Files.move(server.bucket("cctv"), aside);
    Files.createDirectories(server.bucket("cctv"));
    try (TestMaster master = master()) {
      master.camera("front").upload(second);
    }
    assertThat(object(second, ".mp4")).hasBinaryContent(second.bytes());
  }

  @Test
  void footageThatLiesElsewhereIsMovedFirst() throws Exception {
    try (TestMaster master = TestMaster.start(footage, m -> m.minFreeBytes(0))) {
      master.camera("front").upload(clip);
    }
    assertThatThrownBy(this::master)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("was kept in files of this folder before")
        .hasMessageContaining("move the folders of the cameras there");
    Files.createDirectories(bucket);
    Files.move(footage.resolve("front"), bucket.resolve("front"));
    try (TestMaster master = master()) {
      TestPerson person = new TestPerson(master.server());
      assertThat(person.bytes(person.request(video(clip))).body()).isEqualTo(clip.bytes());
    }
    assertThatThrownBy(() -> TestMaster.start(footage))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("was kept in s3://cctv/home")
        .hasMessageContaining(footage.resolve(".raspberryspy/store").toString());
  }

  @Test
  void aShortLocalDiskCostsNoFootageInTheBucket() throws Exception {
    Clip third = Footage.recorded("front", 2, 3000);
    try (TestMaster master = master()) {
      for (Clip one : List.of(clip, second, third)) {
        master.camera("front").upload(one);
      }
    }
    FileStore disk = Files.getFileStore(folder);
    long reserve = disk.getUsableSpace() + (disk.getTotalSpace() - disk.getUsableSpace()) / 2;
    S3Bucket store = store();
    try (TestMaster master =
        TestMaster.start(
            footage,
            m ->
                m.minFreeBytes(reserve)
                    .maxAge(Duration.ZERO)
                    .clock(clock, clock::nanos)
                    .store(store))) {
      for (Clip gone : List.of(clip, third)) { // each shows that retention has looked
        TestPerson person = new TestPerson(master.server());
        assertThat(send(person, "DELETE", "segments/" + gone.id())).isEqualTo(204);
        clock.advance(Duration.ofDays(8));
        assertThat(master.camera("front").create(Footage.clip("front", 9, 500)).statusCode())
            .isEqualTo(507);
        await().untilAsserted(() -> assertThat(object(gone, ".mp4")).doesNotExist());
      }
      assertThat(object(second, ".mp4")).exists();
    }
  }

  @Test
  void theQuotaIsThatOfTheBucket() throws Exception {
    S3Bucket store = store();
    try (TestMaster master =
        TestMaster.start(
            footage, m -> m.minFreeBytes(0).maxBytes(second.bytes().length + 100).store(store))) {
      master.camera("front").upload(clip);
      master.camera("front").upload(second);
      await().untilAsserted(() -> assertThat(object(clip, ".mp4")).doesNotExist());
      assertThat(object(second, ".mp4")).exists();
    }
  }

  @Test
  void bytesThatChangedInTheBucketAreFoundAndComeAnew() throws Exception {
    try (TestMaster master = master()) {
      master.camera("front").upload(clip);
      byte[] rotten = clip.bytes().clone();
      rotten[rotten.length / 2] ^= 1;
      Files.write(object(clip, ".mp4"), rotten);

      HttpResponse<String> again = seal(master.camera("front"));

      assertThat(again.statusCode()).as("another receipt is not given blindly").isEqualTo(404);
      TestPerson person = new TestPerson(master.server());
      assertThat(person.get("/api/v1/storage").get("damaged").asInt()).isOne();
      master.camera("front").upload(clip);
      assertThat(object(clip, ".mp4")).hasBinaryContent(clip.bytes());
      assertThat(person.get("/api/v1/storage").get("damaged").asInt()).isZero();
    }
  }

  private HttpResponse<String> seal(TestCamera front) throws Exception {
    return front.seal(front.begin(clip), clip.manifest());
  }
}
