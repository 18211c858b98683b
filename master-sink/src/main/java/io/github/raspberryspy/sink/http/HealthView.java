package io.github.raspberryspy.sink.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.github.raspberryspy.segments.wire.BoardCodec;
import io.github.raspberryspy.segments.wire.BoardFacts;
import io.github.raspberryspy.segments.wire.BoardHealth;
import io.github.raspberryspy.sink.event.CameraStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;

/** How the board of a camera fares, as JSON: what the camera said, and what the master sees. */
final class HealthView {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration MOST_OFFSET = Duration.ofSeconds(1);
  private static final String CLOCK_OFF = "clock-off";

  private HealthView() {}

  @FunctionalInterface
  private interface Writer {
    void write(JsonGenerator g) throws IOException;
  }

  /** What it is. */
  static ObjectNode of(BoardFacts board) {
    return object(g -> BoardCodec.writeFields(g, board));
  }

  /** How it fares; empty object where it does not say. */
  static ObjectNode of(CameraStatus status) {
    BoardHealth health = status.heartbeat().map(b -> b.health()).orElse(BoardHealth.UNKNOWN);
    ObjectNode node = object(g -> BoardCodec.writeFields(g, health));
    Optional<Duration> offset = status.clockOffset();
    offset.ifPresent(o -> node.withObject("/clock").put("offsetMillis", o.toMillis()));
    if (offset.filter(o -> o.abs().compareTo(MOST_OFFSET) > 0).isPresent()) {
      node.withArray("/warnings").add(CLOCK_OFF);
    }
    return node;
  }

  private static ObjectNode object(Writer writer) {
    try (TokenBuffer g = new TokenBuffer(JSON, false)) {
      g.writeStartObject();
      writer.write(g);
      g.writeEndObject();
      return JSON.readTree(g.asParser());
    } catch (IOException e) {
      throw new UncheckedIOException("what is in memory cannot fail", e);
    }
  }
}
