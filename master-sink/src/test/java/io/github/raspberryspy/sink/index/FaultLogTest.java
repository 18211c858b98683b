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

  /** A new database. */
  Database open() throws IOException {
    return SqliteDatabase.open(folder.resolve("index.db"));
  }

  @Test
  void onlyTheLatestOfEachCameraAreKept() throws IOException {
    try (Database database = open()) {
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
    try (Database database = open()) {
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

  /** A camera may say what it likes: 500 characters may end within one, and 0 is one as well. */
  @Test
  void whatIsNoTextBecomesOne() throws IOException {
    try (Database database = open()) {
      CameraLog log = new CameraLog(database);
      String odd = "a\0b" + "\uD83D\uDCF7".repeat(300);
      log.heard(new KnownCamera("front", odd, odd, odd, NOON, "lost"));
      log.faults().noted("front", new Fault(odd, false, true, NOON, odd), NOON);
      assertThat(log.known()).hasSize(1);
      assertThat(log.faults().events(Optional.empty(), Optional.empty(), Optional.empty()))
          .singleElement()
          .satisfies(
              event ->
                  assertThat(event.fault().orElseThrow().sentence())
                      .startsWith("ab\uD83D\uDCF7")
                      .endsWith("\uD83D\uDCF7?"));
    }
  }

  @Test
  void aLossEndsOnceAndNotBeforeItBegan() throws IOException {
    try (Database database = open()) {
      CameraLog log = new CameraLog(database);
      log.heard(new KnownCamera("front", "k", "s", "u", NOON, "lost"));
      log.away("front", "lost", NOON);
      log.away("front", "lost", NOON.plusSeconds(9));
      log.back("front", NOON.minusSeconds(5));
      log.back("front", NOON.plusSeconds(5));
      assertThat(log.events(Optional.of("front"), Optional.empty(), Optional.empty()))
          .extracting(CameraEvent::at)
          .containsExactly(NOON, NOON);
    }
  }
}
