package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.raspberryspy.sink.event.MasterEvent;
import io.github.raspberryspy.sink.event.MasterEvent.SegmentDeleted;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The master's clock steps (F25, F26). */
class ClockStepTest {

  @TempDir Path footage;
  private final Instant begin = Instant.parse("2026-11-24T00:00:00Z");
  private final ManualClock clock = new ManualClock(begin);
  private final List<MasterEvent> events = new CopyOnWriteArrayList<>();

  @Test
  void aStepOfTenYearsDeletesNothingNeitherThenNorAfterARestartUntilSomebodyConfirmsIt()
      throws Exception {
    try (MasterServer master = start()) {
      camera(master).upload(Footage.clip("front", 0, 500));
      await().untilAsserted(() -> assertThat(problems(master)).isEmpty());
      clock.set(begin.plus(Duration.ofDays(3650)));
      camera(master).upload(Footage.clip("front", 1, 500));
      await().untilAsserted(() -> assertThat(problems(master)).hasSize(1));
      assertThat(problems(master).get(0).asText()).contains("3650 days ahead of");
      camera(master).upload(Footage.clip("front", 2, 500)); // retention looks once more
    }
    try (MasterServer master = start()) {
      await().untilAsserted(() -> assertThat(problems(master)).hasSize(1));
      camera(master).upload(Footage.clip("front", 3, 500));
      assertThat(new TestPerson(master).get("/api/v1/segments").get("total").asInt()).isEqualTo(4);
      assertThat(events).noneMatch(SegmentDeleted.class::isInstance);

      TestPerson person = new TestPerson(master);
      assertThat(
              person
                  .send(
                      person
                          .request("/api/v1/storage/clock")
                          .header("X-RaspberrySpy", "1")
                          .POST(BodyPublishers.noBody()))
                  .statusCode())
          .isEqualTo(204);
      assertThat(problems(master)).isEmpty();
      clock.advance(Duration.ofMinutes(1));
      camera(master).upload(Footage.clip("front", 4, 500));
      await()
          .untilAsserted(
              () ->
                  assertThat(events.stream().filter(SegmentDeleted.class::isInstance)).hasSize(1));
    }
  }

  private MasterServer start() throws Exception {
    MasterServer master =
        MasterServer.start(
            MasterConfig.into(footage)
                .listen("127.0.0.1", 0)
                .maxAge(Duration.ofDays(30))
                .clock(clock, clock::nanos)
                .build());
    master.listen(events::add);
    return master;
  }

  private static TestCamera camera(MasterServer master) {
    return new TestCamera(master.url(), master.credentialFor("front"));
  }

  private static JsonNode problems(MasterServer master) throws Exception {
    return new TestPerson(master).get("/api/v1/storage").get("problems");
  }
}
