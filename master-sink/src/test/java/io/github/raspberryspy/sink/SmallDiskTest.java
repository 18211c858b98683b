package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.faults.SmallDisk;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.sink.Footage.Clip;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The footage is on a disk that is full (F11). */
@Timeout(120)
class SmallDiskTest {

  private static final int CHUNK = 64 << 10;
  private static final long HUGE = 64L << 30;

  /** Far less than the minute after which retention looks by itself. */
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path folder;
  private SmallDisk disk;

  @BeforeEach
  void mount() throws Exception {
    disk = SmallDisk.mount(folder.resolve("disk"), 24);
  }

  @AfterEach
  void unmount() {
    if (disk != null) {
      disk.close();
    }
  }

  @Test
  void whatIsFilmedNowFindsRoomAtOnceOnADiskThatIsFullOfOldFootage() throws Exception {
    try (TestMaster master = TestMaster.start(disk.path(), m -> m.minFreeBytes(4 << 20))) {
      TestCamera front = master.camera("front");
      Clip saved = Footage.clip("front", 0, 500_000);
      front.upload(saved);
      TestPerson person = new TestPerson(master.server());
      person.save(saved.id().toString(), true);
      int clips = 1;
      for (; listed(master) == clips && clips < 30; clips++) {
        send(front, Footage.clip("front", clips, 500_000));
      }
      assertThat(clips).as("some had to go").isLessThan(30);

      Clip open = Footage.clip("front", clips, 2 << 20);
      await()
          .pollDelay(Duration.ZERO)
          .atMost(SOON)
          .until(() -> front.createOpen(open.id()).statusCode() == 201);
      send(front, front.beginOpen(open.id()), open);
      assertThat(person.get("/api/v1/segments?saved=true").get("total").asInt()).isOne();
    }
  }

  private static void send(TestCamera camera, Clip clip) throws Exception {
    await()
        .pollDelay(Duration.ZERO)
        .atMost(SOON)
        .until(() -> camera.create(clip).statusCode() == 201);
    String upload = camera.begin(clip);
    send(camera, upload, clip);
    assertThat(camera.seal(upload, clip.manifest()).statusCode()).isEqualTo(200);
  }

  /** A chunk that is refused for want of room is sent again until it is taken, but not for long. */
  private static void send(TestCamera camera, String upload, Clip clip) {
    byte[] bytes = clip.bytes();
    for (int at = 0; at < bytes.length; at += CHUNK) {
      int from = at;
      byte[] chunk = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + CHUNK));
      await()
          .pollDelay(Duration.ZERO)
          .atMost(SOON)
          .until(() -> camera.patch(upload, from, chunk).statusCode(), status -> status == 204);
    }
  }

  @Test
  void onADiskWithoutOneFreeBlockNothingIsVouchedForAndAllGoesOnOnceThereIsRoom() throws Exception {
    try (TestMaster master = TestMaster.start(disk.path(), m -> m.minFreeBytes(0))) {
      TestCamera front = master.camera("front");
      TestPerson person = new TestPerson(master.server());
      Clip saved = Footage.clip("front", 0, 5000);
      front.upload(saved);
      person.save(saved.id().toString(), true);
      Clip ready = Footage.clip("front", 1, 5000);
      String upload = front.begin(ready);
      front.fill(upload, ready, 1 << 20);
      Clip begun = Footage.clip("front", 2, 50_000);
      String open = front.beginOpen(begun.id());

      fillWithTheSpareRoom();
      assertThat(front.seal(upload, ready.manifest()).statusCode()).isIn(503, 507);
      assertThat(person.save(saved.id().toString(), false)).isEqualTo(503);
      assertThat(person.save(saved.id().toString(), true)).isIn(503, 507);
      HttpResponse<String> refused = front.patch(open, 0, begun.bytes());
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(507);
      assertThat(front.create(Footage.clip("front", 3, 5000)).statusCode()).isEqualTo(507);
      assertThat(person.get("/api/v1/segments").get("total").asInt()).isOne();
      assertThat(person.bytes(person.request("/api/v1/segments/" + saved.id() + "/video")).body())
          .isEqualTo(saved.bytes());

      disk.empty();
      assertThat(front.seal(upload, ready.manifest()).statusCode()).isEqualTo(200);
      front.fill(open, begun, 1 << 20);
      front.upload(begun);
      await()
          .untilAsserted(
              () -> assertThat(person.get("/api/v1/segments").get("total").asInt()).isEqualTo(3));
      await().untilAsserted(() -> assertThat(person.get("/api/v1/troubles")).isEmpty());
    }
  }

  @Test
  void whatOneCameraHasUnderWayIsBoundedSoThatNothingOfOthersGoesOrIsRefused() throws Exception {
    try (TestMaster master = TestMaster.start(disk.path(), m -> m.minFreeBytes(4 << 20))) {
      TestCamera good = master.camera("front");
      for (int i = 0; i < 6; i++) {
        good.upload(Footage.clip("front", i, 500_000));
      }
      TestCamera evil = master.camera("evil");
      byte[] chunk = new byte[256 << 10];
      int taken = 0;
      HttpResponse<String> last = evil.patch(evil.beginUnnamed(HUGE), 0, chunk);
      for (; last.statusCode() == 204 && taken < 100; taken++) {
        last = evil.patch(evil.beginUnnamed(HUGE), 0, chunk);
      }
      assertThat(last.statusCode()).isEqualTo(507);
      assertThat(last.body()).contains("camera evil has").contains("6291456");
      assertThat(taken).as("a quarter of 24 MB, in pieces of 256 kB").isEqualTo(24);

      SegmentId open = new SegmentId("evil", "0a1b2c3d", 1, 0);
      assertThat(stream(evil, evil.beginOpen(open), 8 << 20)).isEqualTo(507);
      assertThat(stream(evil, evil.beginUnnamed(HUGE), 8 << 20)).isEqualTo(507);

      good.upload(Footage.clip("front", 6, 500_000)); // it wakes retention
      await()
          .during(Duration.ofSeconds(1))
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(listed(master)).isEqualTo(7));
    }
  }

  @Test
  void aBodyThatDoesNotEndIsCutAtItsCamerasShareAndCostsOthersNoFootage() throws Exception {
    try (TestMaster master = TestMaster.start(disk.path(), m -> m.minFreeBytes(4 << 20))) {
      TestCamera good = master.camera("front");
      for (int i = 0; i < 6; i++) {
        good.upload(Footage.clip("front", i, 500_000));
      }
      TestCamera evil = master.camera("evil");
      SegmentId open = new SegmentId("evil", "0a1b2c3d", 1, 0);
      String grows = evil.beginOpen(open);
      assertThat(stream(evil, grows, 60 << 20)).isEqualTo(507); // as much as a camera sends at once
      assertThat(evil.offset(grows)).isPositive().isLessThanOrEqualTo(6 << 20);
      good.upload(Footage.clip("front", 6, 500_000));
      await()
          .during(Duration.ofSeconds(1))
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(listed(master)).isEqualTo(7));
    }
  }

  @Test
  void onADiskThatIsFullOfFootageACamerasUploadsCostOthersNoMoreThanItsShare() throws Exception {
    try (TestMaster master = TestMaster.start(disk.path(), m -> m.minFreeBytes(4 << 20))) {
      TestCamera good = master.camera("front");
      int clips = 0;
      for (; listed(master) == clips && clips < 60; clips++) {
        send(good, Footage.clip("front", clips, 200_000));
      }
      assertThat(clips).as("some had to go").isLessThan(60);
      TestCamera evil = master.camera("evil");
      byte[] chunk = new byte[256 << 10];
      for (int i = 0; i < 40; i++) {
        await().atMost(SOON).until(() -> takesOrHasItsShare(evil, chunk));
      }
      send(good, Footage.clip("front", clips, 200_000));
      long left = listed(master) * 400_000L;
      assertThat(left)
          .as("of 24 MB, of which 4 are kept free, 6 of one camera, and some the index's")
          .isGreaterThan(7 << 20);
    }
  }

  /** Not where the disk has no room: retention makes some. */
  private static boolean takesOrHasItsShare(TestCamera camera, byte[] chunk) throws Exception {
    HttpResponse<String> begun =
        camera.send(
            camera
                .request(Tus.PATH)
                .header(Tus.LENGTH, Long.toString(HUGE))
                .POST(BodyPublishers.noBody()));
    if (begun.statusCode() != 201) {
      return false;
    }
    HttpResponse<String> answer =
        camera.patch(begun.headers().firstValue("Location").orElseThrow(), 0, chunk);
    return answer.statusCode() == 204 || answer.body().contains("camera evil has");
  }

  /** A body without a checksum and without an end that is known: the answer's status. */
  private static int stream(TestCamera camera, String upload, int bytes) throws Exception {
    return camera
        .send(
            camera
                .request(upload)
                .header(Tus.OFFSET, "0")
                .header("Content-Type", Tus.CONTENT_TYPE)
                .method(
                    "PATCH",
                    BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[bytes]))))
        .statusCode();
  }

  @Test
  void aMasterStartsOnADiskWithoutOneFreeBlockAndMakesRoomFromOldFootage() throws Exception {
    try (TestMaster master = startWithOldFootage()) {
      assertThat(listed(master)).isEqualTo(6);
    }
    disk.fill();
    try (TestMaster master = TestMaster.start(disk.path(), m -> m.minFreeBytes(1 << 20))) {
      requireThatItGoesOn(master);
    }
  }

  @Test
  void whereSomebodyElseFillsTheDiskRetentionMakesRoomAllTheSame() throws Exception {
    try (TestMaster master = startWithOldFootage()) {
      assertThat(spare()).exists();
      disk.fill();
      requireThatItGoesOn(master);
    }
  }

  private TestMaster startWithOldFootage() throws Exception {
    TestMaster master = TestMaster.start(disk.path(), m -> m.minFreeBytes(1 << 20));
    for (int i = 0; i < 6; i++) {
      master.camera("front").upload(Footage.clip("front", i, 500_000));
    }
    return master;
  }

  private void requireThatItGoesOn(TestMaster master) throws Exception {
    await().atMost(SOON).until(() -> listed(master) < 6);
    await().atMost(SOON).until(() -> Files.exists(spare()));
    send(master.camera("front"), Footage.clip("front", 6, 200_000));
    assertThat(listed(master)).isBetween(1, 6);
  }

  /** Not by walking through the files, which retention deletes meanwhile. */
  private static int listed(TestMaster master) throws Exception {
    return new TestPerson(master.server()).get("/api/v1/segments").get("total").asInt();
  }

  private Path spare() {
    return disk.path().resolve(".raspberryspy/spare");
  }

  /** Whoever fills it has no bounds: a running master's spare room goes, and that goes too. */
  private void fillWithTheSpareRoom() throws Exception {
    disk.fill();
    Files.deleteIfExists(spare());
    disk.fill();
  }

  @Test
  void whatOneCameraBringsIntoQuarantineIsBoundedAndLeavesRoomForAnother() throws Exception {
    try (TestMaster master = TestMaster.start(disk.path(), m -> m.minFreeBytes(1 << 20))) {
      TestCamera evil = master.camera("evil");
      SegmentId id = new SegmentId("evil", "0a1b2c3d", 1, 0);
      evil.upload(Footage.clip(id, 1000, 0));
      for (int i = 1; i <= 6; i++) {
        assertThat(conflict(evil, Footage.clip(id, 200_000, i))).isEqualTo(409);
      }
      assertThat(master.quarantined(".mp4")).as("of 400 kB, on a disk of 24 MB").hasSize(3);

      conflict(evil, Footage.clip(id, 200_000, 1));
      assertThat(master.quarantined(".mp4")).as("the same bytes again").hasSize(3);

      TestCamera good = master.camera("good");
      SegmentId other = new SegmentId("good", "0a1b2c3d", 1, 0);
      good.upload(Footage.clip(other, 1000, 0));
      assertThat(conflict(good, Footage.clip(other, 200_000, 1))).isEqualTo(409);
      assertThat(master.quarantined(".mp4")).hasSize(4);
    }
  }

  private static int conflict(TestCamera camera, Clip clip) throws Exception {
    String upload = camera.beginUnnamed(clip.bytes().length);
    camera.fill(upload, clip, 1 << 20);
    return camera.seal(upload, clip.manifest()).statusCode();
  }

  @Test
  void aMasterThatFindsNoFreeBlockSaysWhichDiskIsFullAndStartsOnceThereIsRoom() throws Exception {
    Clip clip = Footage.clip("front", 0, 5000);
    try (TestMaster master = TestMaster.start(disk.path(), m -> m.minFreeBytes(0))) {
      master.camera("front").upload(clip);
    }
    fillWithTheSpareRoom();
    assertThatThrownBy(() -> TestMaster.start(disk.path(), m -> m.minFreeBytes(0)))
        .hasMessageContaining("the disk of footage folder " + disk.path() + " is full");
    disk.empty();
    try (TestMaster master = TestMaster.start(disk.path(), m -> m.minFreeBytes(0))) {
      assertThat(new TestPerson(master.server()).get("/api/v1/segments").get("total").asInt())
          .isOne();
    }
  }
}
