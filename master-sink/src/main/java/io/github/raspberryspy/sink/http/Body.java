package io.github.raspberryspy.sink.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A small JSON object of texts that a page sends, checked: what is wrong is named. */
final class Body {

  private static final int MOST_BYTES = 8 << 10;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, String> texts = new LinkedHashMap<>();

  /**
   * Reads it.
   *
   * @param names of its fields, none of which may be missing
   */
  Body(Context ctx, String... names) throws IOException {
    JsonNode node = parse(SmallBody.of(ctx, MOST_BYTES));
    List<String> known = Arrays.asList(names);
    for (var field : node.properties()) {
      if (!known.contains(field.getKey()) || !field.getValue().isTextual()) {
        throw bad(names);
      }
      texts.put(field.getKey(), field.getValue().asText());
    }
    if (texts.size() != names.length) {
      throw bad(names);
    }
  }

  /** One of its fields. */
  String text(String name) {
    return texts.getOrDefault(name, "");
  }

  private static JsonNode parse(byte[] bytes) throws IOException {
    try {
      return JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new Problem(
          400, "the request is not JSON"); // what it is may be a secret: no word of it
    }
  }

  private static Problem bad(String... names) {
    return new Problem(
        400, "the request is a JSON object of the texts " + String.join(", ", names));
  }
}
