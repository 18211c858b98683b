package io.github.raspberryspy.sink.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;

/** Answers in JSON, which nobody on the way may keep. */
final class Json {

  private Json() {}

  static void send(Context ctx, JsonNode node) {
    ctx.result(node.toString()).contentType("application/json").header("Cache-Control", "no-store");
  }
}
