package io.github.raspberryspy.sink.alert;

import java.net.URI;
import java.util.Optional;

/**
 * A topic of ntfy, as its app subscribes to.
 *
 * @param url of the topic: the server's with the topic as the last part of its path
 * @param token shows who sends, where the server asks for that
 */
public record NtfyConfig(URI url, Optional<String> token) {

  /**
   * Checks the address.
   *
   * @throws IllegalArgumentException in half a sentence, if it is none of a topic, or would carry
   *     the token unencrypted to another machine
   */
  public NtfyConfig {
    HttpChannel.requireHttp(url);
    if (!url.getPath().matches("/(.+/)?[-_A-Za-z0-9]{1,64}")) {
      throw new IllegalArgumentException("it names no topic, as https://ntfy.sh/TOPIC does");
    }
    if (token.isPresent() && url.getScheme().equals("http") && !Loopback.is(url.getHost())) {
      throw new IllegalArgumentException("a token goes to another machine by https only");
    }
  }

  /** The topic. */
  String topic() {
    return url.getPath().substring(url.getPath().lastIndexOf('/') + 1);
  }

  /** The server. */
  URI server() {
    String path = url.getPath();
    return url.resolve(path.substring(0, path.lastIndexOf('/') + 1));
  }

  @Override
  public String toString() {
    return "NtfyConfig[" + url.getHost() + "]"; // who knows the topic may read it
  }
}
