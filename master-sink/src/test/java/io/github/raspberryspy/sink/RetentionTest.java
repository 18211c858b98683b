package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.event.MasterEvent;
import io.github.raspberryspy.sink.event.MasterEvent.SegmentDeleted;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Retention in a running master. */
class RetentionTest {

  @TempDir Path footage;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T00:00:00Z"));

  /** Where the master keeps what. */
  MasterConfig.Builder config() {
    return MasterConfig.into(footage).listen("127.0.0.1", 0);
  }

  @Test
  void whatIsTooOldGoesAndWhatIsSavedStays() throws Exception {
    Clip saved = Footage.clip("front", 0, 500);
    Clip old = Footage.clip("front", 1, 500);
    Clip fresh = Footage.clip("front", 2, 500);
    List<MasterEvent> events = new CopyOnWriteArrayList<>();
    MasterConfig config = config().maxAge(Duration.ofDays(1)).clock(clock, clock::nanos).build();
    try (MasterServer master = MasterServer.start(config)) {
      master.listen(events::add);
      TestCamera front = new TestCamera(master.url(), master.credentialFor("front"));
      TestPerson person = new TestPerson(master);
      front.upload(saved);
      front.upload(old);
      person.save(saved.id().toString(), true);
      clock.advance(Duration.ofDays(1).plusSeconds(1));

      front.upload(fresh);

      await().untilAsserted(() -> assertThat(deleted(events)).containsExactly(old.id().toString()));
      JsonNode left = person.get("/api/v1/segments?order=asc").get("segments");
      assertThat(left.findValuesAsText("sequence")).containsExactly("0", "2");
    }
  }

  @Test
  void whatIsTooMuchGoesOldestFirst() throws Exception {
    List<MasterEvent> events = new CopyOnWriteArrayList<>();
    long size = Footage.clip("front", 0, 500).bytes().length;
    MasterConfig config = config().maxBytes(3 * size).clock(clock, clock::nanos).build();
    try (MasterServer master = MasterServer.start(config)) {
      master.listen(events::add);
      TestCamera front = new TestCamera(master.url(), master.credentialFor("front"));
      TestPerson person = new TestPerson(master);
      for (int i = 0; i < 6; i++) {
        front.upload(Footage.clip("front", i, 500));
        clock.advance(Duration.ofSeconds(1));
      }

      await().untilAsserted(() -> assertThat(deleted(events)).hasSize(3));
      JsonNode left = person.get("/api/v1/segments?order=asc").get("segments");
      assertThat(left.findValuesAsText("sequence")).containsExactly("3", "4", "5");
      assertThat(person.get("/api/v1/storage").get("usedBytes").asLong()).isEqualTo(3 * size);
    }
  }

  @Test
  void aFloodOfOneCameraTakesItsOwnFootage() throws Exception {
    long size = Footage.clip("front", 0, 500).bytes().length;
    MasterConfig config = config().maxBytes(5 * size).clock(clock, clock::nanos).build();
    List<MasterEvent> events = new CopyOnWriteArrayList<>();
    try (MasterServer master = MasterServer.start(config)) {
      master.listen(events::add);
      TestCamera front = new TestCamera(master.url(), master.credentialFor("front"));
      TestCamera wild = new TestCamera(master.url(), master.credentialFor("wild"));
      front.upload(Footage.clip("front", 0, 500));
      front.upload(Footage.clip("front", 1, 500));
      for (int i = 0; i < 6; i++) {
        clock.advance(Duration.ofSeconds(1));
        wild.upload(Footage.clip("wild", i, 500));
      }
      await().untilAsserted(() -> assertThat(deleted(events)).hasSize(3));
      assertThat(deleted(events)).allMatch(id -> id.startsWith("wild"));
    }
  }

  @Test
  void fullDiskCostsTheOldestFootageButNeverWhatIsSaved() throws Exception {
    Clip saved = Footage.clip("front", 0, 500);
    Clip other = Footage.clip("front", 1, 500);
    try (MasterServer master = MasterServer.start(config().build())) {
      TestCamera front = new TestCamera(master.url(), master.credentialFor("front"));
      front.upload(saved);
      front.upload(other);
      new TestPerson(master).save(saved.id().toString(), true);
    }
    FileStore disk = Files.getFileStore(footage);
    long reserve = disk.getUsableSpace() + (disk.getTotalSpace() - disk.getUsableSpace()) / 2;

    try (MasterServer master = MasterServer.start(config().minFreeBytes(reserve).build())) {
      TestPerson person = new TestPerson(master);

      await()
          .untilAsserted(
              () -> {
                JsonNode left = person.get("/api/v1/segments").get("segments");
                assertThat(left.findValuesAsText("id")).containsExactly(saved.id().toString());
              });
      assertThat(person.bytes(person.request("/api/v1/segments/" + saved.id() + "/video")).body())
          .isEqualTo(saved.bytes());
    }
  }

  private static List<String> deleted(List<MasterEvent> events) {
    return events.stream()
        .filter(SegmentDeleted.class::isInstance)
        .map(e -> ((SegmentDeleted) e).id().toString())
        .toList();
  }
}
