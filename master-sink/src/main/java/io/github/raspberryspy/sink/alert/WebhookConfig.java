package io.github.raspberryspy.sink.alert;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * An HTTP server that takes alerts as JSON.
 *
 * @param url where
 * @param secret signs what is sent, if the server is to check that
 */
public record WebhookConfig(URI url, Optional<String> secret) {

  /**
   * Checks the address.
   *
   * @throws IllegalArgumentException in half a sentence, if it is none of HTTP
   */
  public WebhookConfig {
    HttpChannel.requireHttp(url);
    Objects.requireNonNull(secret, "secret");
  }

  @Override
  public String toString() {
    return "WebhookConfig[" + url.getHost() + "]"; // an address may be a secret
  }
}
