package io.github.raspberryspy.daemon.config;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;

/**
 * How a camera itself tells that its master is away.
 *
 * @param url where a text is posted: a topic of ntfy, or what else takes that
 * @param after how long the master must be away
 */
public record AwayConfig(URI url, Duration after) {
  /**
   * Checks the address.
   *
   * @throws IllegalArgumentException in half a sentence, if it is none
   */
  public AwayConfig {
    Objects.requireNonNull(after, "after");
    boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!isHttp || url.getHost() == null || url.getUserInfo() != null) {
      throw new IllegalArgumentException("it is no address such as https://ntfy.sh/TOPIC");
    }
  }
}
