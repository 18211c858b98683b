package io.github.raspberryspy.sink.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Posts alerts as JSON, signed. */
final class WebhookChannel implements Channel {

  static final String NAME = "webhook";

  private final WebhookConfig config;
  private final Optional<URI> link;
  private final Clock clock;
  private final HttpChannel http;

  WebhookChannel(WebhookConfig config, Clock clock, Outgoing way) {
    this.config = config;
    this.link = way.link();
    this.clock = clock;
    this.http = new HttpChannel(way);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String send(Alert alert) throws IOException {
    byte[] body = AlertJson.bytes(alert, link);
    String seconds = Long.toString(clock.instant().getEpochSecond());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(config.url())
            .header("Content-Type", "application/json")
            .header("X-RaspberrySpy-Id", alert.id())
            .header("X-RaspberrySpy-Time", seconds)
            .POST(BodyPublishers.ofByteArray(body));
    config
        .secret()
        .ifPresent(
            secret ->
                request.header(
                    "X-RaspberrySpy-Signature", "sha256=" + sign(secret, seconds, body)));
    return http.post(request);
  }

  /** HMAC-SHA256 over the time, a dot, and the body: what is sent again later does not pass. */
  static String sign(String secret, String seconds, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
      mac.update((seconds + ".").getBytes(UTF_8));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  @Override
  public void close() {
    // its connections end by themselves
  }
}
