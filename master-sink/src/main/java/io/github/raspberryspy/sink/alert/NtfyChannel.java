package io.github.raspberryspy.sink.alert;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Optional;

/**
 * Posts alerts to a topic of ntfy.
 *
 * <p>Source: <a href="https://docs.ntfy.sh/publish/#publish-as-json">ntfy, publish as JSON</a>.
 */
final class NtfyChannel implements Channel {

  static final String NAME = "ntfy";
  private static final int HIGH = 5;
  private static final int NORMAL = 3;

  private final NtfyConfig config;
  private final Optional<URI> link;
  private final HttpChannel http;

  NtfyChannel(NtfyConfig config, Outgoing way) {
    this.config = config;
    this.link = way.link();
    this.http = new HttpChannel(way);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String send(Alert alert) throws IOException {
    ObjectNode message =
        AlertJson.object()
            .put("topic", config.topic())
            .put("title", alert.title())
            .put("message", alert.message())
            .put("priority", alert.kind().isUrgent() ? HIGH : NORMAL)
            .put("sequence_id", alert.id());
    message.putArray("tags").add(tag(alert.kind()));
    link.ifPresent(page -> message.put("click", alert.on(page).toString()));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(config.server())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(AlertJson.bytes(message)));
    config.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
    return http.post(request);
  }

  private static String tag(AlertKind kind) {
    return switch (kind) {
      case LOST, FAULT, TROUBLE -> "warning";
      case BACK, TEST -> "white_check_mark";
      case MOTION -> "eyes";
    };
  }

  @Override
  public void close() {
    // its connections end by themselves
  }
}
