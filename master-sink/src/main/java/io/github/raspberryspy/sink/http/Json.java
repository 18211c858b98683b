package io.github.raspberryspy.sink.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.raspberryspy.segments.SegmentId;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Answers in JSON, which nobody on the way may keep. */
final class Json {

  /** Less than that is not worth the work. */
  private static final int WORTH_PACKING = 8 << 10;

  private Json() {}

  static void send(Context ctx, JsonNode node) {
    send(ctx, node.toString().getBytes(UTF_8));
  }

  /** Sends what is JSON already. */
  static void send(Context ctx, byte[] json) {
    boolean packed = json.length > WORTH_PACKING && Gzip.isAccepted(ctx);
    Gzip.mark(ctx, packed);
    ctx.result(packed ? Gzip.pack(json) : json)
        .contentType("application/json")
        .header("Cache-Control", "no-store");
  }

  /** One after the other, for their manifests may be large; those that are gone are left out. */
  static <T extends JsonNode> void sendEach(
      Context ctx, List<SegmentId> ids, Function<SegmentId, Optional<T>> view) throws IOException {
    ctx.contentType("application/json").header("Cache-Control", "no-store");
    OutputStream out = ctx.outputStream();
    String before = "[";
    for (SegmentId id : ids) {
      Optional<T> node = view.apply(id);
      if (node.isPresent()) {
        out.write((before + node.get()).getBytes(StandardCharsets.UTF_8));
        before = ",";
      }
    }
    out.write((before.equals("[") ? "[]" : "]").getBytes(StandardCharsets.UTF_8));
  }
}
