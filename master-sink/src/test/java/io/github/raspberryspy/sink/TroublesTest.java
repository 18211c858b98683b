package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people are told of the master's own troubles. */
class TroublesTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path footage;
  private final Instant begin = Instant.parse("2026-11-24T00:00:00Z");
  private final ManualClock clock = new ManualClock(begin);

  @Test
  void aTroubleSaysSinceWhenItIsAlsoWhereItsSentenceChanges() throws Exception {
    try (TestMaster master = TestMaster.start(footage, m -> m.clock(clock, clock::nanos))) {
      TestPerson person = new TestPerson(master.server());
      await().untilAsserted(() -> assertThat(person.get("/api/v1/troubles")).isEmpty());
      Instant stepped = begin.plus(Duration.ofDays(10));
      clock.set(stepped);
      await().untilAsserted(() -> assertThat(person.get("/api/v1/troubles")).hasSize(1));
      JsonNode first = person.get("/api/v1/troubles").get(0);
      assertThat(first.get("kind").asText()).isEqualTo("clock");
      assertThat(first.get("since").asText()).isEqualTo(stepped.toString());
      assertThat(first.has("camera")).isFalse();

      clock.set(begin.plus(Duration.ofDays(20)));
      await()
          .untilAsserted(
              () ->
                  assertThat(person.get("/api/v1/troubles").get(0).get("sentence").asText())
                      .contains("20 days ahead of"));
      assertThat(person.get("/api/v1/troubles").get(0).get("since")).isEqualTo(first.get("since"));
    }
  }

  @Test
  void aDatabaseThatIsAwayIsToldWhileItIs() throws Exception {
    TestPostgres database = TestPostgres.create();
    try (TestMaster master = TestMaster.start(footage, m -> m.index(database.config()))) {
      TestPerson person = new TestPerson(master.server());
      database.away();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(person.get("/api/v1/troubles").findValuesAsText("kind"))
                      .containsExactly("index-away"));
      assertThat(person.send(person.request("/api/v1/storage")).statusCode()).isEqualTo(503);
      database.back();
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(person.get("/api/v1/troubles")).isEmpty());
    }
  }
}
