package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.VideoFormat;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A master that is killed while it fills a new index from its files (F40). */
class InterruptedRebuildTest {

  private static final int SEGMENTS = 2000;

  /** It gets no further than this before it is killed. */
  private static final int HALF = 1200;

  private static final Instant START = Instant.parse("2026-11-23T00:00:00Z");

  @TempDir Path footage;

  /** The settings of the master. */
  MasterConfig.Builder config() {
    return MasterConfig.into(footage).listen("127.0.0.1", 0).scrub(Duration.ZERO);
  }

  /** A new index, which comes to a stand after half of the segments. */
  void makeSlowIndex() throws Exception {
    for (String part : List.of("index.db", "index.db-wal", "index.db-shm")) {
      Files.deleteIfExists(footage.resolve(".raspberryspy").resolve(part));
    }
    SegmentIndex.open(footage.resolve(".raspberryspy/index.db")).close();
    sql(
        "CREATE VIEW for_ever AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
            + " SELECT i FROM n");
    sql(
        "CREATE TRIGGER stand BEFORE INSERT ON segments WHEN (SELECT count(*) FROM segments) >= "
            + HALF
            + " AND (SELECT count(*) FROM for_ever) > 0 BEGIN SELECT 1; END");
  }

  /** A connection to the index's database. */
  Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + footage.resolve(".raspberryspy/index.db"));
  }

  /** Starts the process that is killed. */
  Process start() throws IOException {
    return Child.start(KillTest.Victim.class, Redirect.DISCARD, footage.toString());
  }

  /** Lets the index go on. */
  void letGo() throws Exception {
    sql("DROP TRIGGER stand");
    sql("DROP VIEW for_ever");
  }

  @Test
  void theNextStartGoesOnToTheEnd() throws Exception {
    MasterServer.start(config().build()).close(); // makes the folder
    fillFolder();
    makeSlowIndex();
    Process victim = start();
    try {
      await().atMost(Duration.ofMinutes(1)).until(() -> rows() > 0);
    } finally {
      victim.destroyForcibly().waitFor();
    }
    letGo();
    assertThat(rows()).isBetween(1, HALF);

    try (MasterServer master = MasterServer.start(config().build())) {
      TestPerson person = new TestPerson(master);
      JsonNode storage = person.get("/api/v1/storage");
      assertThat(storage.get("segments").asInt()).isEqualTo(SEGMENTS - 1);
      assertThat(storage.get("saved").asInt()).isEqualTo(SEGMENTS / 100);
      assertThat(person.get("/api/v1/trash").findValuesAsText("id"))
          .containsExactly(id(SEGMENTS - 1).toString());
    }
    assertThat(rows()).isEqualTo(SEGMENTS - 1);
  }

  private void fillFolder() throws IOException {
    Path day = Files.createDirectories(footage.resolve("front/2026-11-23"));
    for (int i = 0; i < SEGMENTS; i++) {
      Instant start = START.plusSeconds(10L * i);
      SegmentManifest manifest =
          new SegmentManifest(
              id(i),
              start,
              start.plusSeconds(10),
              ClockState.SYNCED,
              0,
              1,
              new VideoFormat("avc1.42c01e", 640, 480, 10),
              Optional.empty(),
              new Content(1, "a".repeat(64)),
              List.of(),
              List.of(),
              List.of(),
              CloseReason.TIME);
      String name = manifest.name().toString();
      Files.write(day.resolve(name + ".mp4"), new byte[1]);
      Files.write(day.resolve(name + ".json"), ManifestCodec.encode(manifest));
      if (i % 100 == 0) {
        Files.createFile(day.resolve(name + ".saved"));
      }
      if (i == SEGMENTS - 1) {
        Files.writeString(day.resolve(name + ".trashed"), Instant.now().toString());
      }
    }
  }

  private static SegmentId id(int sequence) {
    return new SegmentId("front", "0a1b2c3d", 1, sequence);
  }

  private int rows() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM segments")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private void sql(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
