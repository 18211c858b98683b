package io.github.raspberryspy.sink.alert;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * A broker of MQTT.
 *
 * @param url {@code mqtts://HOST:8883}, or unencrypted {@code mqtt://HOST:1883}
 * @param login of the broker, if it asks for one
 * @param topic what all topics begin with
 * @param discovery where Home Assistant looks for devices; empty where it is not to find any
 */
public record MqttConfig(URI url, Optional<Login> login, String topic, Optional<String> discovery) {

  private static final int MQTT = 1883;
  private static final int MQTTS = 8883;

  /**
   * Checks address and topics.
   *
   * @throws IllegalArgumentException in half a sentence, if one cannot be used, or a password would
   *     go to another machine unencrypted
   */
  public MqttConfig {
    boolean isMqtt = "mqtt".equals(url.getScheme()) || "mqtts".equals(url.getScheme());
    if (!isMqtt || url.getHost() == null || url.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "it is no address such as mqtts://HOST:8883 or mqtt://HOST:1883");
    }
    if (login.isPresent() && url.getScheme().equals("mqtt") && !Loopback.is(url.getHost())) {
      throw new IllegalArgumentException("a password goes to another machine by mqtts only");
    }
    requireTopic(topic);
    discovery.ifPresent(MqttConfig::requireTopic);
    Objects.requireNonNull(login, "login");
  }

  boolean isEncrypted() {
    return url.getScheme().equals("mqtts");
  }

  int port() {
    return url.getPort() >= 0 ? url.getPort() : isEncrypted() ? MQTTS : MQTT;
  }

  private static void requireTopic(String topic) {
    if (!topic.matches("[-_.A-Za-z0-9]+(/[-_.A-Za-z0-9]+)*") || topic.length() > 100) {
      throw new IllegalArgumentException(
          "topic \"" + topic + "\" is not letters, digits, -, _ and . with / between");
    }
  }
}
