package io.github.raspberryspy.sink.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.sink.index.CameraKeys.Outcome;
import io.github.raspberryspy.sink.index.CameraKeys.Ticket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CameraKeysTest {

  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

  @TempDir Path folder;

  @Test
  void ofTenThousandReplaysOfATicketNoneIsTaken() throws Exception {
    Ticket ticket = new Ticket("ab".repeat(32), NOW.plus(Duration.ofMinutes(10)), true);
    try (SegmentIndex index = SegmentIndex.open(folder.resolve("index.db"))) {
      CameraKeys keys = index.cameraKeys();
      CameraKey first = new CameraKey("front", "01".repeat(32), NOW);
      assertThat(keys.pair(first, ticket)).isEqualTo(Outcome.PAIRED);
      for (int i = 0; i < 10_000; i++) {
        Instant at = NOW.plusMillis(59L * i); // until the ticket ends
        CameraKey again = new CameraKey("front", String.format("%064x", i), at);
        assertThat(keys.pair(again, ticket)).isEqualTo(Outcome.USED);
      }
      assertThat(keys.paired()).containsExactly(first);
    }
  }
}
