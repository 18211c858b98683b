package io.github.raspberryspy.sink.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.sink.Footage;
import io.github.raspberryspy.sink.event.MasterEvent.MotionReported;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeardLogTest {

  private static final Instant START = Footage.START;

  @TempDir Path folder;

  /** A new database. */
  Database open() throws IOException {
    return SqliteDatabase.open(folder.resolve("index.db"));
  }

  @Test
  void whatIsToldOfOneMotionIsOneRowAndTheNextIsAnother() throws IOException {
    try (Database database = open()) {
      HeardLog log = new HeardLog(database);
      log.noted(List.of(told(false, 200, 300, "door")));
      log.noted(List.of(told(false, 201, 1200, "door"), told(true, 200, 1800, "path")));
      log.noted(List.of(told(false, 5000, 5100, "a\0b\ud83d")));
      assertThat(log.events(Optional.of("front"), Optional.of(at(1500)), Optional.of(at(9000))))
          .extracting(CameraEvent::at)
          .containsExactly(at(5000), at(200));
      assertThat(log.events(Optional.of("front"), Optional.empty(), Optional.of(at(4000))))
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.segment()).isEmpty();
                assertThat(event.span().orElseThrow())
                    .contains("\"door\",\"path\"", at(1800).toString());
              });
      assertThat(log.events(Optional.of("back"), Optional.empty(), Optional.empty())).isEmpty();
      assertThat(log.events(Optional.empty(), Optional.of(at(6000)), Optional.empty())).isEmpty();
    }
  }

  @Test
  void itGivesWayToTheSegmentThatCoversItAndIsNotToldAgain() throws IOException {
    try (Database database = open()) {
      CameraLog log = new CameraLog(database);
      log.motion().noted(List.of(told(false, 500, 1400), told(false, 1900, 2600)));
      add(database, Footage.withMotion("front", 0).manifest()); // 0 to 2 s
      log.motion().noted(List.of(told(true, 500, 1500))); // late
      assertThat(log.events(Optional.of("front"), Optional.empty(), Optional.empty()))
          .extracting(CameraEvent::at)
          .containsExactly(at(500), at(1900));
      assertThat(log.motion().events(Optional.empty(), Optional.empty(), Optional.empty()))
          .as("what goes on behind the segment")
          .extracting(CameraEvent::at)
          .containsExactly(at(1900));
      add(database, Footage.clip("front", 1, 500).manifest()); // 2 to 4 s
      assertThat(log.motion().events(Optional.empty(), Optional.empty(), Optional.empty()))
          .isEmpty();
    }
  }

  @Test
  void aManifestThatDoesNotKnowIsCompletedAndOneThatDoesIsLeftAlone() throws IOException {
    try (Database database = open()) {
      HeardLog log = new HeardLog(database);
      SegmentManifest cutOff = Footage.unknown("front", 0, "the recording was cut off").manifest();
      assertThat(log.completed(cutOff)).isSameAs(cutOff);
      log.noted(List.of(told(false, -500, 300, "door"), told(true, 1500, 2500, "path")));

      SegmentManifest completed = log.completed(cutOff);

      assertThat(completed.unknown()).isEqualTo(cutOff.unknown());
      assertThat(completed.motion())
          .containsExactly(span(0, 300, "door"), span(1500, 2000, "path"));
      assertThat(log.completed(completed)).isEqualTo(completed);
      for (SegmentManifest knows :
          List.of(
              Footage.clip("front", 0, 500).manifest(),
              Footage.unknown("front", 0, "not looked for").manifest(),
              Footage.unknown("back", 0, "the recording was cut off").manifest())) {
        assertThat(log.completed(knows)).isSameAs(knows);
      }

      add(database, completed); // what is sent of the same segment later knows no more
      assertThat(log.completed(cutOff).motion())
          .containsExactly(span(0, 300, "door"), span(1500, 2000, "path"));
    }
  }

  @Test
  void onlyTheLatestOfEachCameraAreKept() throws IOException {
    try (Database database = open()) {
      HeardLog log = new HeardLog(database, 10);
      for (int i = 0; i < 15; i++) {
        EventSpan span = span(1000 * i, 1000 * i + 500);
        log.noted(
            List.of(
                new MotionReported("front", true, span), new MotionReported("back", true, span)));
      }
      assertThat(log.events(Optional.empty(), Optional.empty(), Optional.empty())).hasSize(20);
      assertThat(log.events(Optional.of("front"), Optional.empty(), Optional.empty()))
          .hasSize(10)
          .extracting(CameraEvent::at)
          .startsWith(at(14_000))
          .endsWith(at(5000));
    }
  }

  private static void add(Database database, SegmentManifest manifest) {
    StoredSegment row =
        new StoredSegment(manifest, START, false, manifest.id().toString() + ".mp4");
    database.change(h -> Rows.add(h, row));
  }

  private static MotionReported told(boolean isEnded, int from, int to, String... zones) {
    return new MotionReported("front", isEnded, span(from, to, zones));
  }

  private static EventSpan span(int from, int to, String... zones) {
    return new EventSpan(at(from), at(to), 0.5, List.of(zones), List.of());
  }

  private static Instant at(int millis) {
    return START.plusMillis(millis);
  }
}
