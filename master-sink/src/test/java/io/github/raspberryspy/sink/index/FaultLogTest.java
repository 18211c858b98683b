package io.github.raspberryspy.sink.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultLogTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  @TempDir Path folder;

  @Test
  void onlyTheLatestOfEachCameraAreKept() throws IOException {
    try (Database database = Database.open(folder.resolve("index.db"))) {
      FaultLog log = new FaultLog(database, 10);
      for (int i = 0; i < 15; i++) {
        for (String camera : new String[] {"front", "back"}) {
          Instant at = NOON.plusSeconds(i);
          log.noted(camera, new Fault("picture-dark", false, false, at, "dark"), at);
          log.noted(camera, new Fault("picture-dark", true, false, at, "bright"), at);
        }
      }
      assertThat(log.events(Optional.empty(), Optional.empty(), Optional.empty())).hasSize(20);
      assertThat(log.events(Optional.of("front"), Optional.empty(), Optional.empty()))
          .hasSize(10)
          .extracting(CameraEvent::at)
          .startsWith(NOON.plusSeconds(14))
          .endsWith(NOON.plusSeconds(5));
    }
  }

  @Test
  void longWordsAreCut() throws IOException {
    try (Database database = Database.open(folder.resolve("index.db"))) {
      FaultLog log = new FaultLog(database);
      log.noted("front", new Fault("k".repeat(9000), false, true, NOON, "w".repeat(9000)), NOON);
      assertThat(log.events(Optional.empty(), Optional.empty(), Optional.empty()))
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.fault().orElseThrow().kind()).hasSize(500);
                assertThat(event.fault().orElseThrow().sentence()).hasSize(500);
              });
    }
  }
}
