package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.raspberryspy.sink.event.MasterEvent;
import io.github.raspberryspy.sink.event.MasterEvent.SegmentDeleted;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
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

  /** Where the master keeps what. */
  MasterConfig.Builder config() {
    return MasterConfig.into(footage).listen("127.0.0.1", 0);
  }

  /** The next master has to fill a new one. */
  void loseIndex() throws Exception {
    Files.delete(footage.resolve(".raspberryspy/index.db"));
  }

  @Test
  void aStepOfTenYearsDeletesNothingNeitherThenNorAfterARestartNorWhenSomebodyConfirmsIt()
      throws Exception {
    try (MasterServer master = start()) {
      camera(master).upload(Footage.clip("front", 0, 500));
      await().untilAsserted(() -> assertThat(troubles(master)).isEmpty());
      clock.set(begin.plus(Duration.ofDays(3650)));
      camera(master).upload(Footage.clip("front", 1, 500));
      await().untilAsserted(() -> assertThat(troubles(master)).hasSize(1));
      assertThat(troubles(master).get(0).get("sentence").asText()).contains("3650 days ahead of");
      camera(master).upload(Footage.clip("front", 2, 500)); // retention looks once more
    }
    try (MasterServer master = start()) {
      await().untilAsserted(() -> assertThat(troubles(master)).hasSize(1));
      camera(master).upload(Footage.clip("front", 3, 500));
      assertThat(segments(master)).isEqualTo(4);

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
      assertThat(troubles(master)).isEmpty();
      assertNothingGoesUntilItsAge(master);
    }
  }

  @Test
  void whatCameWhileTheClockWasBehindIsAsYoungAsItIsWhenTwoCamerasSetItRight() throws Exception {
    clock.set(Footage.START.minus(Duration.ofDays(33))); // it stood while the master was off
    try (MasterServer master = start()) {
      for (int i = 0; i < 3; i++) {
        camera(master).upload(Footage.clip("front", i, 500));
      }
      clock.set(Footage.START);
      await().untilAsserted(() -> assertThat(troubles(master)).hasSize(1));
      camera(master).upload(Footage.clip("front", 3, 500));
      camera(master).upload(Footage.clip("front", 4, 500));
      assertThat(troubles(master)).hasSize(1); // it may be stolen, or have its time from here
      camera(master, "back").upload(Footage.clip("back", 0, 500));
      await().untilAsserted(() -> assertThat(troubles(master)).isEmpty());
      assertNothingGoesUntilItsAge(master);
    }
  }

  @Test
  void oneCameraIsEnoughThatFilmedOnWhileTheMasterWasOff() throws Exception {
    clock.set(Footage.START.plusSeconds(2));
    for (int i = 0; i < 2; i++) { // by the second run its clock is known to be right
      try (MasterServer master = start()) {
        camera(master).upload(Footage.clip("front", i, 500));
        clock.advance(Duration.ofSeconds(90));
      }
    }
    try (MasterServer master = start()) {
      long days = 40;
      camera(master).upload(Footage.clip("front", 40_000, 500)); // 22 h later, as it says
      clock.set(Footage.START.plus(Duration.ofDays(days)));
      await().untilAsserted(() -> assertThat(troubles(master)).hasSize(1));
      camera(master).upload(Footage.clip("front", days * 86_400 / 2, 500));
      await().untilAsserted(() -> assertThat(troubles(master)).isEmpty());
      camera(master).upload(Footage.clip("front", days * 86_400 / 2 + 1, 500));
      await().untilAsserted(() -> assertThat(deletions()).isEqualTo(2)); // from before
      assertNothingGoesUntilItsAge(master);
    }
  }

  @Test
  void aStepThatComesWithALostIndexDeletesNothing() throws Exception {
    clock.set(Instant.now()); // files have the machine's time
    try (MasterServer master = start()) {
      camera(master).upload(Footage.clip("front", 0, 500));
    }
    loseIndex();
    clock.set(Instant.now().plus(Duration.ofDays(3650)));
    try (MasterServer master = start()) {
      await().untilAsserted(() -> assertThat(troubles(master)).hasSize(1));
      camera(master).upload(Footage.clip("front", 1, 500));
      camera(master).upload(Footage.clip("front", 2, 500)); // retention looks once more
      assertThat(segments(master)).isEqualTo(3);
    }
  }

  /** What is here now: for the age that it is kept it stays, and then it goes. */
  private void assertNothingGoesUntilItsAge(MasterServer master) throws Exception {
    int before = segments(master);
    int deleted = deletions();
    clock.advance(Duration.ofDays(29));
    camera(master, "late").upload(Footage.clip("late", deleted, 500));
    camera(master, "late").upload(Footage.clip("late", deleted + 1L, 500));
    assertThat(segments(master)).isEqualTo(before + 2);
    clock.advance(Duration.ofDays(2));
    camera(master, "late").upload(Footage.clip("late", deleted + 2L, 500));
    await().untilAsserted(() -> assertThat(deletions()).isEqualTo(deleted + before));
  }

  private int deletions() {
    return (int) events.stream().filter(SegmentDeleted.class::isInstance).count();
  }

  private MasterServer start() throws Exception {
    MasterServer master =
        MasterServer.start(config().maxAge(Duration.ofDays(30)).clock(clock, clock::nanos).build());
    master.listen(events::add);
    return master;
  }

  private static TestCamera camera(MasterServer master) {
    return camera(master, "front");
  }

  private static TestCamera camera(MasterServer master, String name) {
    return new TestCamera(master.url(), master.credentialFor(name));
  }

  private static int segments(MasterServer master) throws Exception {
    return new TestPerson(master).get("/api/v1/segments").get("total").asInt();
  }

  private static JsonNode troubles(MasterServer master) throws Exception {
    return new TestPerson(master).get("/api/v1/troubles");
  }
}
