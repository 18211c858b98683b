package io.github.raspberryspy.sink.alert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Optional;

/** Alerts as JSON, the same for the page, webhooks and MQTT. */
public final class AlertJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private AlertJson() {}

  /** An alert. */
  public static ObjectNode of(Alert alert) {
    ObjectNode node =
        JSON.createObjectNode()
            .put("id", alert.id())
            .put("kind", alert.kind().text())
            .put("camera", alert.camera().isEmpty() ? null : alert.camera())
            .put("name", alert.name().isEmpty() ? null : alert.name())
            .put("at", alert.at().toString())
            .put("title", alert.title())
            .put("sentence", alert.sentence())
            .put("joined", alert.joined());
    alert.zones().forEach(node.putArray("zones")::add);
    return node;
  }

  /** As it is sent, with where the page shows it. */
  static byte[] bytes(Alert alert, Optional<URI> link) {
    ObjectNode node = of(alert);
    link.ifPresent(page -> node.put("link", alert.on(page).toString()));
    return bytes(node);
  }

  static byte[] bytes(ObjectNode node) {
    try {
      return JSON.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("what is in memory cannot fail", e);
    }
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }
}
