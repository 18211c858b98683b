package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.s3.S3Bucket;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.index.PostgresConfig;
import io.github.raspberryspy.sink.store.FootageCheck.Sum;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is found wrong with footage in a bucket of a real server, and that nothing is changed. */
@Timeout(180)
class MasterCheckTest extends BucketFixture {

  private final Clip clip = Footage.recorded("front", 0, 3000);
  private final Clip second = Footage.recorded("front", 1, 4000);
  private final Clip yard = Footage.recorded("yard", 0, 5000);

  private MasterConfig.Builder inBucket() throws IOException {
    return MasterConfig.into(footage)
        .listen("127.0.0.1", 0)
        .minFreeBytes(0)
        .maxAge(Duration.ZERO)
        .store(store());
  }

  /** Each fault, by where it is; and that nothing was written. */
  private Map<String, String> check(MasterConfig config, long segments) throws IOException {
    Map<String, String> faults = new TreeMap<>();
    Map<Path, FileTime> before = files();
    Sum sum = MasterCheck.run(config, fault -> faults.put(fault.key(), fault.problem()));
    assertThat(files()).isEqualTo(before);
    assertThat(sum.segments()).isEqualTo(segments);
    assertThat(sum.faults()).isEqualTo(faults.size());
    return faults;
  }

  /** All but what SQLite keeps beside the index of a master that runs. */
  private Map<Path, FileTime> files() throws IOException {
    Map<Path, FileTime> files = new TreeMap<>();
    for (Path root : List.of(footage, bucket)) {
      if (Files.exists(root)) {
        try (Stream<Path> all = Files.walk(root)) {
          for (Path file : all.filter(f -> !f.toString().endsWith("-shm")).toList()) {
            files.put(file, Files.getLastModifiedTime(file));
          }
        }
      }
    }
    return files;
  }

  private static String key(Clip of, String ending) {
    return of.id().camera() + "/2026-11-23/" + of.manifest().name() + ending;
  }

  private static int delete(TestPerson person, Clip which) throws Exception {
    return person
        .send(
            person
                .request("/api/v1/segments/" + which.id())
                .header("X-RaspberrySpy", "1")
                .method("DELETE", BodyPublishers.noBody()))
        .statusCode();
  }

  /** One segment that is saved, one in the trash, and one. */
  private void fill(TestMaster master) throws Exception {
    TestPerson person = new TestPerson(master.server());
    for (Clip one : List.of(clip, second, yard)) {
      master.camera(one.id().camera()).upload(one);
    }
    assertThat(person.save(clip.id().toString(), true)).isEqualTo(204);
    assertThat(delete(person, second)).isEqualTo(204);
  }

  @Test
  void whatIsAsItShouldBeHasNoFaultsBesideTheMasterAndWithoutIt() throws Exception {
    MasterConfig config = inBucket().build();
    try (TestMaster master = TestMaster.start(footage, m -> m.minFreeBytes(0).store(bucket()))) {
      fill(master);
      assertThat(check(config, 3)).isEmpty();
    }
    Sum sum = MasterCheck.run(config, fault -> {});
    assertThat(sum)
        .isEqualTo(
            new Sum(3, clip.bytes().length + second.bytes().length + yard.bytes().length, 0));
    assertThat(check(config, 3)).isEmpty();
    assertThat(footage.resolve(".raspberryspy/index.db-wal")).doesNotExist();
  }

  private S3Bucket bucket() {
    try {
      return store();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void keepAll() throws Exception {
    try (TestMaster master = TestMaster.start(footage, m -> m.minFreeBytes(0).store(bucket()))) {
      fill(master);
    }
  }

  @Test
  void eachThingThatIsMissingCutOrChangedIsNamed() throws Exception {
    keepAll();
    MasterConfig config = inBucket().build();
    for (String ending : List.of(".mp4", ".json", ".saved")) {
      Path object = bucket.resolve(key(clip, ending));
      Path aside = Files.move(object, folder.resolve("aside"));
      assertThat(check(config, 3))
          .hasSize(1)
          .hasEntrySatisfying(key(clip, ending), p -> assertThat(p).startsWith("is missing; "));
      Files.move(aside, object);
    }
    Path mark = bucket.resolve(key(second, ".trashed"));
    Path aside = Files.move(mark, folder.resolve("aside"));
    assertThat(check(config, 3))
        .containsExactly(
            Map.entry(key(second, ".trashed"), "is missing; the segment is in the trash"));
    Files.move(aside, mark);

    byte[] bytes = yard.bytes().clone();
    bytes[bytes.length / 2] ^= 1;
    Files.write(bucket.resolve(key(yard, ".mp4")), bytes);
    Files.write(bucket.resolve(key(second, ".mp4")), new byte[7]);
    Files.copy(bucket.resolve(key(clip, ".json")), folder.resolve("manifest"));
    Files.write(
        bucket.resolve(key(second, ".json")), Files.readAllBytes(folder.resolve("manifest")));
    Files.write(bucket.resolve(key(clip, ".json")), new byte[] {'{'});
    Files.createFile(bucket.resolve(key(clip, ".trashed")));
    assertThat(check(config, 3))
        .hasSize(5)
        .containsEntry(key(yard, ".mp4"), "does not have the SHA-256 of the index")
        .containsEntry(key(second, ".mp4"), "has 7 bytes; the index says " + second.bytes().length)
        .containsEntry(key(second, ".json"), "is another manifest than that of the index")
        .containsEntry(key(clip, ".trashed"), "marks a segment as deleted that is listed")
        .hasEntrySatisfying(key(clip, ".json"), p -> assertThat(p).startsWith("cannot be read: "));
  }

  @Test
  void whatTheIndexDoesNotKnowIsNamedOnceNoSealCanBeAtIt() throws Exception {
    keepAll();
    MasterConfig config = inBucket().build();
    Path stray = bucket.resolve("front/2026-11-20/stray.mp4");
    Files.createDirectories(stray.getParent());
    Files.write(stray, new byte[3]);
    Files.write(bucket.resolve("front/2026-11-20/notes.txt"), new byte[3]);
    assertThat(check(config, 3)).as("it came a moment ago").isEmpty();
    Files.setLastModifiedTime(stray, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    assertThat(check(config, 3))
        .containsExactly(
            Map.entry("front/2026-11-20/stray.mp4", "belongs to nothing in the index"));
  }

  @Test
  void quarantineIsReadToo() throws Exception {
    keepAll();
    Path quarantine = Files.createDirectories(bucket.resolve(".raspberryspy/quarantine"));
    String hash = clip.manifest().content().sha256().substring(0, 16);
    String name = clip.id() + "_" + hash;
    Files.write(quarantine.resolve(name + ".mp4"), clip.bytes());
    Files.copy(bucket.resolve(key(clip, ".json")), quarantine.resolve(name + ".json"));
    Files.writeString(quarantine.resolve(name + ".reason"), "a reason\n");
    Files.writeString(quarantine.resolve("a person's own.mp4"), "");
    MasterConfig config = inBucket().build();
    assertThat(check(config, 3)).isEmpty();

    Files.write(quarantine.resolve(name + ".mp4"), yard.bytes());
    Files.copy(bucket.resolve(key(yard, ".json")), folder.resolve("other"));
    Files.write(quarantine.resolve(name + ".json"), Files.readAllBytes(folder.resolve("other")));
    Files.delete(quarantine.resolve(name + ".reason"));
    assertThat(check(config, 3))
        .containsExactly(
            Map.entry(
                ".raspberryspy/quarantine/" + name + ".json",
                "is the manifest of another segment than its name says"),
            Map.entry(
                ".raspberryspy/quarantine/" + name + ".mp4",
                "does not have the SHA-256 that its name begins with"),
            Map.entry(".raspberryspy/quarantine/" + name + ".reason", "is missing in quarantine"));
  }

  @Test
  void uploadsInTheFolderAreLookedAt() throws Exception {
    MasterConfig config = inBucket().build();
    Path incoming = footage.resolve(".raspberryspy/incoming");
    try (TestMaster master = TestMaster.start(footage, m -> m.minFreeBytes(0).store(bucket()))) {
      TestCamera front = master.camera("front");
      front.fill(front.begin(clip), clip, 1 << 20);
      assertThat(check(config, 0)).isEmpty();
    }
    Files.write(incoming.resolve("left.part"), new byte[3]);
    Files.writeString(incoming.resolve("torn.info"), "{");
    assertThat(check(config, 0))
        .hasSize(2)
        .containsEntry(".raspberryspy/incoming/left.part", "is what an upload left that has ended")
        .hasEntrySatisfying(
            ".raspberryspy/incoming/torn.info",
            p -> assertThat(p).startsWith("cannot be gone on with: "));
  }

  @Test
  void uploadsOfReplicasAreLookedAt() throws Exception {
    TestPostgres postgres = TestPostgres.create();
    MasterConfig config = inBucket().index(postgres.config()).build();
    try (MasterServer master = MasterServer.start(config)) {
      TestCamera front = new TestCamera(master.url(), master.credentialFor("front"));
      front.upload(clip);
      String upload = front.beginOpen(second.id());
      for (int at = 0; at < 3000; at += 1000) {
        byte[] piece = Arrays.copyOfRange(second.bytes(), at, at + 1000);
        assertThat(front.patch(upload, at, piece).statusCode()).isEqualTo(204);
      }
      assertThat(check(config, 1)).isEmpty();
    }
    MasterConfig elsewhere =
        MasterConfig.into(folder.resolve("nowhere"))
            .index(postgres.config())
            .store(store())
            .build();
    assertThat(check(elsewhere, 1)).as("from any computer").isEmpty();

    Path incoming = bucket.resolve(".raspberryspy/incoming");
    List<Path> pieces = new ArrayList<>();
    try (Stream<Path> all = Files.list(incoming)) {
      all.sorted().forEach(pieces::add);
    }
    assertThat(pieces).hasSize(4); // three pieces, and the note
    String name = pieces.get(0).getFileName().toString();
    String upload = ".raspberryspy/incoming/" + name.substring(0, name.indexOf('.'));
    Files.delete(pieces.get(1));
    assertThat(check(config, 1))
        .containsExactly(
            Map.entry(upload, "goes on at byte 2000, and ends at byte 1000 before that"));
    Files.delete(pieces.get(3));
    assertThat(check(config, 1))
        .containsExactly(Map.entry(upload, "is what an upload left that has ended"));
  }

  @Test
  void footageInTheFolderIsCheckedByItsIndexLikewise() throws Exception {
    try (TestMaster master = TestMaster.start(footage, m -> m.minFreeBytes(0))) {
      fill(master);
    }
    MasterConfig config = MasterConfig.into(footage).build();
    assertThat(check(config, 3)).isEmpty();
    Files.delete(footage.resolve(key(yard, ".mp4")));
    assertThat(check(config, 3))
        .containsExactly(Map.entry(key(yard, ".mp4"), "is missing; the index has it"));
  }

  private static void refused(MasterConfig config, String sentence) {
    assertThatThrownBy(() -> MasterCheck.run(config, fault -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void whatIsNotThisMastersIsRefusedAndWhatIsAwayIsAway() throws Exception {
    MasterConfig config = inBucket().build();
    refused(config, "footage folder " + footage + " does not exist");
    Files.createDirectories(footage);
    refused(config, "has no footage id, so no master has kept footage in it");
    keepAll();
    refused(MasterConfig.into(footage).build(), "is in s3://cctv/home; the configuration says");
    refused(
        inBucket().store(TestBucket.of(server, "s3://cctv/other", folder)).build(),
        "the configuration says s3://cctv/other");
    URI at = server.uri();
    refused(
        inBucket().store(TestBucket.of(at, "s3://cctv/home", "wrong", false, folder)).build(),
        "refuses this master's key");
    Files.writeString(bucket.resolve(".raspberryspy/footage-id"), "somebody-else\n");
    refused(config, "is the store of another footage folder");
    Files.delete(bucket.resolve(".raspberryspy/footage-id"));
    refused(config, "which reads nobody");
    Files.move(server.bucket("cctv"), folder.resolve("gone"));
    refused(config, "there is no bucket cctv");
    server.kill();
    assertThatThrownBy(() -> MasterCheck.run(config, fault -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be reached");
    Files.delete(footage.resolve(".raspberryspy/index.db"));
    refused(config, "there is no index");
  }

  @Test
  void aDatabaseThatIsNotThisMastersIsRefused() throws Exception {
    TestPostgres postgres = TestPostgres.create();
    refused(inBucket().index(postgres.config()).build(), "is not of this version");
    PostgresConfig right = postgres.config();
    refused(
        inBucket().index(new PostgresConfig(right.url(), right.user(), Optional.of("no"))).build(),
        "cannot be used: password authentication failed");
    refused(
        inBucket()
            .index(new PostgresConfig(right.url() + "_absent", right.user(), right.password()))
            .build(),
        "does not exist");
    MasterConfig files =
        MasterConfig.into(footage).listen("127.0.0.1", 0).minFreeBytes(0).index(right).build();
    MasterServer.start(files).close();
    refused(inBucket().index(right).build(), "keep their footage in no bucket yet");
    assertThat(MasterCheck.run(files, fault -> {})).isEqualTo(new Sum(0, 0, 0));
    MasterConfig other = MasterConfig.into(folder.resolve("other")).index(right).build();
    MasterServer.credentialFor(other.footage(), "front");
    refused(other, "belongs to another footage folder");
  }
}
