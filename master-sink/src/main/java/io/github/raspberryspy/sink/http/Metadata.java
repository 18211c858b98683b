package io.github.raspberryspy.sink.http;

import io.github.raspberryspy.segments.OneLine;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringTokenizer;

/**
 * The header of tus that carries names with base64 values, each on one line. Source: tus 1.0.0,
 * section Creation.
 */
final class Metadata {

  private final Map<String, String> values;

  private Metadata(Map<String, String> values) {
    this.values = values;
  }

  /** Reads {@code Upload-Metadata}; an absent header is empty. */
  static Metadata parse(String header) {
    Map<String, String> values = new HashMap<>();
    StringTokenizer pairs = new StringTokenizer(header == null ? "" : header, ",");
    while (pairs.hasMoreTokens()) {
      StringTokenizer pair = new StringTokenizer(pairs.nextToken(), " ");
      if (!pair.hasMoreTokens()) {
        throw new Problem(400, "Upload-Metadata has an empty pair");
      }
      String name = pair.nextToken();
      byte[] value = pair.hasMoreTokens() ? decode(pair.nextToken(), name) : new byte[0];
      if (values.put(name, OneLine.of(new String(value, StandardCharsets.UTF_8))) != null) {
        throw new Problem(400, "Upload-Metadata has " + name + " twice");
      }
    }
    return new Metadata(values);
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name));
  }

  static byte[] decode(String base64, String name) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new Problem(400, "the value of " + name + " is not base64");
    }
  }
}
