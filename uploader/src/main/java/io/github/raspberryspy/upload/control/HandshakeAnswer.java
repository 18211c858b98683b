package io.github.raspberryspy.upload.control;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server answers to the handshake of a WebSocket. Source: RFC 6455 section 4.1.
 *
 * @param status of HTTP
 * @param headers by their names in small letters; of several of one name the last
 */
record HandshakeAnswer(int status, Map<String, String> headers) {

  private static final int SWITCHING = 101;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})( .*)?");

  /**
   * Reads it.
   *
   * @param head up to its empty line
   * @throws IOException in one sentence, if it is none
   */
  static HandshakeAnswer parse(String head) throws IOException {
    List<String> lines = List.of(head.split("\r\n"));
    Matcher status = STATUS.matcher(lines.isEmpty() ? "" : lines.get(0));
    if (!status.matches()) {
      throw new IOException("what answered does not speak HTTP");
    }
    Map<String, String> headers = new HashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    return new HandshakeAnswer(Integer.parseInt(status.group(1)), Map.copyOf(headers));
  }

  /**
   * Refuses what is no consent to this very handshake.
   *
   * @param accept what {@code Sec-WebSocket-Accept} has to be
   * @throws IOException in one sentence
   */
  void requireAccepts(String accept) throws IOException {
    if (status == 401 || status == 403) {
      throw new IOException(
          "the master does not accept this camera's token (status " + status + ")");
    }
    if (status != SWITCHING) {
      throw new IOException("the master answered with status " + status);
    }
    if (!has("upgrade", "websocket")
        || !has("connection", "upgrade")
        || !accept.equals(headers.get("sec-websocket-accept"))
        || headers.containsKey("sec-websocket-extensions")
        || headers.containsKey("sec-websocket-protocol")) {
      throw new IOException("the master's handshake is not that of a WebSocket");
    }
  }

  private boolean has(String header, String word) {
    return List.of(headers.getOrDefault(header, "").toLowerCase(Locale.ROOT).split("[ ,]+"))
        .contains(word);
  }
}
