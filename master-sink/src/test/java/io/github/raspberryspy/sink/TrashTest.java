package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.sink.Footage.Clip;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person deletes. */
class TrashTest {

  @TempDir Path footage;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T00:00:00Z"));
  private final Clip clip = Footage.withMotion("front", 0);
  private TestPerson person;

  /** Where the master keeps what. */
  MasterConfig.Builder settings(MasterConfig.Builder master) {
    return master.clock(clock, clock::nanos);
  }

  /** Takes the index away; a running master is restarted then. */
  void loseIndex() throws Exception {
    for (String part : List.of("index.db", "index.db-wal", "index.db-shm")) {
      Files.deleteIfExists(footage.resolve(".raspberryspy").resolve(part));
    }
  }

  @Test
  void deletedFootageIsGoneFromSightComesBackWholeAndGoesForGoodAfterItsTime() throws Exception {
    try (TestMaster master = start()) {
      master.camera("front").upload(clip);
      assertThat(send("DELETE", "segments/" + clip.id())).isEqualTo(204);
      assertThat(send("DELETE", "segments/" + clip.id())).isEqualTo(404);
      assertThat(person.get("/api/v1/segments").get("total").asInt()).isZero();
      assertThat(person.get("/api/v1/days")).isEmpty();
      assertThat(person.get("/api/v1/events")).isEmpty();
      assertThat(person.get("/api/v1/trash").get(0).get("until").asText())
          .isEqualTo("2026-12-01T00:00:00Z");
      assertThat(person.get("/api/v1/storage").get("trashBytes").asLong())
          .isEqualTo(clip.bytes().length);

      loseIndex();
      master.restart(); // the index is rebuilt, and knows it from the mark
      person = new TestPerson(master.server());
      assertThat(person.get("/api/v1/segments").get("total").asInt()).isZero();
      assertThat(send("POST", "trash/" + clip.id() + "/restore")).isEqualTo(204);
      assertThat(person.get("/api/v1/trash")).isEmpty();
      assertThat(person.bytes(person.request("/api/v1/segments/" + clip.id() + "/video")).body())
          .isEqualTo(clip.bytes());
      assertThat(person.get("/api/v1/events").findValuesAsText("type")).contains("motion");

      assertThat(send("DELETE", "segments/" + clip.id())).isEqualTo(204);
      clock.advance(Duration.ofDays(7));
      master.camera("front").upload(Footage.clip("front", 1, 500)); // wakes retention
      await().untilAsserted(() -> assertThat(master.videos()).hasSize(1));
      await().untilAsserted(() -> assertThat(person.get("/api/v1/trash")).isEmpty());
      assertThat(send("POST", "trash/" + clip.id() + "/restore")).isEqualTo(404);
    }
  }

  @Test
  void whatIsHadBackAfterItsAgeStays() throws Exception {
    Clip other = Footage.clip("front", 1, 500);
    try (TestMaster master =
        TestMaster.start(footage, m -> settings(m).maxAge(Duration.ofDays(30)))) {
      person = new TestPerson(master.server());
      master.camera("front").upload(clip);
      master.camera("front").upload(other);
      clock.advance(Duration.ofDays(29));
      person = new TestPerson(master.server());
      assertThat(send("DELETE", "segments/" + clip.id())).isEqualTo(204);
      clock.advance(Duration.ofDays(3));
      person = new TestPerson(master.server());
      assertThat(send("POST", "trash/" + clip.id() + "/restore")).isEqualTo(204);
      await()
          .untilAsserted(
              () -> assertThat(person.get("/api/v1/segments").get("total").asInt()).isOne());
      loseIndex();
      master.restart();
      person = new TestPerson(master.server());
      master.camera("front").upload(Footage.clip("front", 2, 500)); // wakes retention
      assertThat(person.bytes(person.request("/api/v1/segments/" + clip.id() + "/video")).body())
          .isEqualTo(clip.bytes());
    }
  }

  @Test
  void whatIsInTheTrashCanBeDeletedForGoodOneByOneOrAllAtOnce() throws Exception {
    Clip other = Footage.clip("front", 1, 500);
    Clip kept = Footage.clip("front", 2, 500);
    try (TestMaster master = start()) {
      for (Clip one : List.of(clip, other, kept)) {
        master.camera("front").upload(one);
      }
      assertThat(send("DELETE", "trash/" + clip.id())).as("not deleted yet").isEqualTo(404);
      send("DELETE", "segments/" + clip.id());
      send("DELETE", "segments/" + other.id());
      assertThat(send("DELETE", "trash/" + clip.id())).isEqualTo(204);
      assertThat(send("DELETE", "trash/" + clip.id())).isEqualTo(404);
      assertThat(person.get("/api/v1/trash").findValuesAsText("id"))
          .containsExactly(other.id().toString());
      assertThat(master.videos()).hasSize(2);

      String shown = person.get("/api/v1/trash").get(0).get("deletedAt").asText();
      clock.advance(Duration.ofSeconds(1));
      send("DELETE", "segments/" + kept.id()); // by somebody else, after the list was shown
      assertThat(send("DELETE", "trash")).as("until when is not said").isEqualTo(400);
      assertThat(send("DELETE", "trash?until=" + shown)).isEqualTo(204);
      assertThat(person.get("/api/v1/trash").findValuesAsText("id"))
          .containsExactly(kept.id().toString());
      assertThat(send("POST", "trash/" + other.id() + "/restore")).isEqualTo(404);
      assertThat(master.videos()).singleElement().asString().contains("000002");
    }
  }

  @Test
  void whatIsDeletedForGoodIsInNoFileAnyMore() throws Exception {
    try (TestMaster master = start()) {
      master.camera("front").upload(clip);
      assertThat(filesWithFootage()).isNotEmpty();
      send("DELETE", "segments/" + clip.id());
      assertThat(send("DELETE", "trash/" + clip.id())).isEqualTo(204);
      assertThat(filesWithFootage()).isEmpty();
    }
  }

  /** Whichever holds some of its pictures, whatever it is called. */
  private List<Path> filesWithFootage() throws Exception {
    byte[] bytes = clip.bytes();
    String some = new String(bytes, bytes.length / 2, 32, StandardCharsets.ISO_8859_1);
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(footage)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(some)) {
          found.add(file);
        }
      }
    }
    return found;
  }

  @Test
  void savedFootageIsNotDeleted() throws Exception {
    try (TestMaster master = start()) {
      master.camera("front").upload(clip);
      person.save(clip.id().toString(), true);
      assertThat(send("DELETE", "segments/" + clip.id())).isEqualTo(409);
      person.save(clip.id().toString(), false);
      assertThat(send("DELETE", "segments/" + clip.id())).isEqualTo(204);
    }
  }

  @Test
  void aCameraThatSendsDeletedFootageAgainMakesItVisibleAgainOnce() throws Exception {
    try (TestMaster master = start()) {
      master.camera("front").upload(clip);
      assertThat(send("DELETE", "segments/" + clip.id())).isEqualTo(204);
      master.camera("front").upload(clip);
      assertThat(person.get("/api/v1/segments").get("total").asInt()).isEqualTo(1);
      assertThat(person.get("/api/v1/trash")).isEmpty();
      clock.advance(Duration.ofDays(8));
      master.camera("front").upload(Footage.clip("front", 1, 500));
      assertThat(master.videos()).hasSize(2);
    }
  }

  private TestMaster start() throws Exception {
    TestMaster master = TestMaster.start(footage, m -> settings(m).maxAge(Duration.ZERO));
    person = new TestPerson(master.server());
    return master;
  }

  private int send(String method, String path) throws Exception {
    return person
        .send(
            person
                .request("/api/v1/" + path)
                .header("X-RaspberrySpy", "1")
                .method(method, BodyPublishers.noBody()))
        .statusCode();
  }
}
