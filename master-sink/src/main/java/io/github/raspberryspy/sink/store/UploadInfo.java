package io.github.raspberryspy.sink.store;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.raspberryspy.segments.SegmentId;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the master remembers of a partial upload, as JSON beside it.
 *
 * @param camera whose it is
 * @param length bytes of the whole; empty while the segment still grows
 * @param segment which segment it is going to be; empty for uploads of other tus clients
 * @param durable how many bytes were on disk, for certain, when its length became known
 */
record UploadInfo(String camera, OptionalLong length, Optional<SegmentId> segment, long durable) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of an upload of which nothing is here yet. */
  UploadInfo(String camera, OptionalLong length, Optional<SegmentId> segment) {
    this(camera, length, segment, 0);
  }

  /** The same with its length, which is known now. */
  UploadInfo withLength(long bytes, long onDisk) {
    return new UploadInfo(camera, OptionalLong.of(bytes), segment, onDisk);
  }

  byte[] encode() throws IOException {
    ObjectNode node = JSON.createObjectNode().put("camera", camera);
    length.ifPresent(bytes -> node.put("length", bytes));
    segment.ifPresent(id -> node.put("segment", id.toString()));
    if (durable > 0) {
      node.put("durable", durable);
    }
    return JSON.writeValueAsBytes(node);
  }

  static UploadInfo decode(byte[] json) throws IOException {
    try {
      JsonNode node = JSON.readTree(json);
      Optional<SegmentId> segment =
          node.hasNonNull("segment")
              ? Optional.of(SegmentId.parse(node.get("segment").asText()))
              : Optional.empty();
      return new UploadInfo(
          SegmentId.requireCameraName(node.path("camera").asText()),
          node.hasNonNull("length")
              ? OptionalLong.of(node.get("length").asLong())
              : OptionalLong.empty(),
          segment,
          Math.max(node.path("durable").asLong(), 0));
    } catch (JacksonException | IllegalArgumentException e) {
      throw new IOException("the note beside an upload is damaged: " + e.getMessage(), e);
    }
  }
}
