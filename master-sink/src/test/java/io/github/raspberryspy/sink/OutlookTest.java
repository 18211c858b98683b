package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.retention.Rule;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What retention is said to delete next. */
class OutlookTest {

  private static final Rule MONTH = new Rule(Duration.ofDays(30), Duration.ofDays(90), 0);

  @TempDir Path footage;
  private final Instant begin = Instant.parse("2026-11-24T00:00:00Z");
  private final ManualClock clock = new ManualClock(begin);

  @Test
  void whatIsTooOldFirstGoesFirstAndSavedFootageNever() throws Exception {
    Clip moving = Footage.withMotion("front", 0);
    Clip saved = Footage.clip("front", 1, 500);
    Clip still = Footage.clip("front", 2, 500);
    try (TestMaster master = start(m -> m.rules(MONTH, Map.of()))) {
      TestPerson person = new TestPerson(master.server());
      assertThat(outlook(person).get("next").isNull()).isTrue();
      master.camera("front").upload(moving);
      assertThat(outlook(person).at("/next/at").asText()).isEqualTo("2027-02-22T00:00:00Z");
      assertThat(outlook(person).at("/next/motion").asBoolean()).isTrue();
      master.camera("front").upload(saved);
      person.save(saved.id().toString(), true);
      clock.advance(Duration.ofMinutes(1));
      master.camera("front").upload(still);

      JsonNode next = outlook(person).get("next");
      assertThat(next.get("id").asText()).isEqualTo(still.id().toString());
      assertThat(next.get("at").asText()).isEqualTo("2026-12-24T00:01:00Z");
      assertThat(next.get("start").asText()).isEqualTo(still.manifest().start().toString());
      assertThat(next.get("reason").asText()).isEqualTo("age");
      JsonNode camera = outlook(person).get("cameras").get(0);
      assertThat(camera.get("oldest").asText()).isEqualTo("2026-11-23T14:00:00Z");
      assertThat(camera.get("savedBytes").asLong()).isEqualTo(saved.bytes().length);
      assertThat(camera.has("bytesADay")).as("a minute says nothing of a day").isFalse();
    }
  }

  @Test
  void whereRoomEndsBeforeTheAgeTheOldestGoesThen() throws Exception {
    Clip clip = Footage.clip("front", 0, 500);
    long bytes = clip.bytes().length;
    try (TestMaster master = start(m -> m.rules(MONTH, Map.of()).maxBytes(11 * bytes))) {
      master.camera("front").upload(clip);
      clock.advance(Duration.ofDays(1));
      JsonNode outlook = outlook(new TestPerson(master.server()));
      assertThat(outlook.at("/cameras/0/bytesADay").asLong()).isEqualTo(bytes);
      assertThat(outlook.get("fullAt").asText()).isEqualTo("2026-12-05T00:00:00Z");
      assertThat(outlook.at("/next/at").asText()).isEqualTo("2026-12-05T00:00:00Z");
      assertThat(outlook.at("/next/reason").asText()).isEqualTo("size");
      assertThat(outlook.at("/next/id").asText()).isEqualTo(clip.id().toString());
    }
  }

  @Test
  void aCameraOfItsOwnSizeGoesWhenThatIsFull() throws Exception {
    Clip clip = Footage.clip("front", 0, 500);
    long bytes = clip.bytes().length;
    Rule small = new Rule(Duration.ZERO, Duration.ZERO, 3 * bytes);
    try (TestMaster master = start(m -> m.rules(MONTH, Map.of("front", small)))) {
      master.camera("front").upload(clip);
      master.camera("back").upload(Footage.clip("back", 0, 500));
      clock.advance(Duration.ofDays(1));
      JsonNode outlook = outlook(new TestPerson(master.server()));
      assertThat(outlook.at("/next/reason").asText()).isEqualTo("camera-size");
      assertThat(outlook.at("/next/at").asText()).isEqualTo("2026-11-27T00:00:00Z");
      assertThat(outlook.at("/cameras/1/limitBytes").asLong()).isEqualTo(3 * bytes);
    }
  }

  @Test
  void aDatabaseServerSaysTheSame() throws Exception {
    TestPostgres database = TestPostgres.create();
    Clip clip = Footage.withMotion("front", 0);
    try (TestMaster master = start(m -> m.rules(MONTH, Map.of()).index(database.config()))) {
      master.camera("front").upload(clip);
      clock.advance(Duration.ofDays(1));
      JsonNode outlook = outlook(new TestPerson(master.server()));
      assertThat(outlook.at("/next/at").asText()).isEqualTo("2027-02-22T00:00:00Z");
      assertThat(outlook.at("/cameras/0/bytesADay").asLong()).isEqualTo(clip.bytes().length);
      assertThat(outlook.at("/cameras/0/oldest").asText()).isEqualTo("2026-11-23T14:00:00Z");
    }
  }

  private TestMaster start(UnaryOperator<MasterConfig.Builder> settings) throws Exception {
    return TestMaster.start(
        footage, m -> settings.apply(m.clock(clock, clock::nanos).minFreeBytes(0)));
  }

  private static JsonNode outlook(TestPerson person) throws Exception {
    return person.get("/api/v1/storage/outlook");
  }
}
