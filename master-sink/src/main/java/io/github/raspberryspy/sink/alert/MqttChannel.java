package io.github.raspberryspy.sink.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3ClientBuilder;
import io.github.raspberryspy.sink.event.MasterEvent;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes alerts to a broker, and beside them the state of each camera, retained. Whether the
 * master itself is there is the topic {@code TOPIC/status}, which the broker sets when it is not.
 */
final class MqttChannel implements Channel {

  static final String NAME = "mqtt";
  static final String ONLINE = "online";
  static final String OFFLINE = "offline";
  private static final String NOT_YET = "the broker is not connected yet";

  private static final Logger log = LoggerFactory.getLogger(MqttChannel.class);
  private static final int KEEP_ALIVE_SECONDS = 20;
  private static final int FIRST_PAUSE_SECONDS = 1;
  private static final int LONGEST_PAUSE_SECONDS = 15;

  private final MqttConfig config;
  private final Optional<URI> link;
  private final Duration patience;
  private final HomeAssistant home;
  private final Mqtt3AsyncClient client;
  private volatile String why = NOT_YET;

  MqttChannel(MqttConfig config, Clock clock, Outgoing way) {
    this.config = config;
    this.link = way.link();
    this.patience = way.patience();
    this.home = new HomeAssistant(config, clock, this::retain);
    this.client = build(way.trust());
  }

  private Mqtt3AsyncClient build(Trust trust) {
    Mqtt3ClientBuilder builder =
        MqttClient.builder()
            .useMqttVersion3()
            .identifier("raspberryspy-" + UUID.randomUUID().toString().substring(0, 8))
            .serverHost(config.url().getHost())
            .serverPort(config.port())
            .automaticReconnect()
            .initialDelay(FIRST_PAUSE_SECONDS, TimeUnit.SECONDS)
            .maxDelay(LONGEST_PAUSE_SECONDS, TimeUnit.SECONDS)
            .applyAutomaticReconnect()
            .addConnectedListener(context -> connected())
            .addDisconnectedListener(this::disconnected)
            .willPublish()
            .topic(config.topic() + "/status")
            .payload(OFFLINE.getBytes(UTF_8))
            .qos(MqttQos.AT_LEAST_ONCE)
            .retain(true)
            .applyWillPublish();
    if (config.isEncrypted()) {
      builder = builder.sslConfig().trustManagerFactory(trust.factory()).applySslConfig();
    }
    if (config.login().isPresent()) {
      Login login = config.login().get();
      builder =
          builder
              .simpleAuth()
              .username(login.user())
              .password(login.password().getBytes(UTF_8))
              .applySimpleAuth();
    }
    return builder.buildAsync();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void start() {
    var unused =
        client
            .connectWith()
            .cleanSession(true)
            .keepAlive(KEEP_ALIVE_SECONDS)
            .send()
            .exceptionally(
                e -> {
                  log.debug("not connected: {}", e.getMessage());
                  return null;
                });
  }

  private void connected() {
    why = "";
    retain(config.topic() + "/status", ONLINE);
    home.publishAll();
    config.discovery().ifPresent(this::listenFor);
  }

  /** Home Assistant says when it starts anew, and then has forgotten what it knew. */
  private void listenFor(String discovery) {
    var unused =
        client
            .subscribeWith()
            .topicFilter(discovery + "/status")
            .callback(
                message -> {
                  if (ONLINE.equals(new String(message.getPayloadAsBytes(), UTF_8))) {
                    home.publishAll();
                  }
                })
            .send()
            .exceptionally(
                e -> {
                  log.debug("not subscribed: {}", e.getMessage());
                  return null;
                });
  }

  private void disconnected(MqttClientDisconnectedContext context) {
    Throwable cause = context.getCause();
    why =
        Failing.reach(cause, config.url(), config.port())
            .orElseGet(() -> "the broker is not connected: " + Failing.deepest(cause));
    log.debug("no broker: {}", why);
  }

  @Override
  public void onEvent(MasterEvent event) {
    home.onEvent(event);
  }

  private void retain(String topic, String payload) {
    if (client.getState().isConnected()) { // else all is told when it is
      var unused =
          client
              .publishWith()
              .topic(topic)
              .payload(payload.getBytes(UTF_8))
              .qos(MqttQos.AT_LEAST_ONCE)
              .retain(true)
              .send()
              .exceptionally(
                  e -> {
                    log.debug("not published: {}", e.getMessage());
                    return null;
                  });
    }
  }

  @Override
  public String send(Alert alert) throws IOException {
    if (!client.getState().isConnected()) {
      throw new IOException(why.isEmpty() ? NOT_YET : why);
    }
    CompletableFuture<?> published =
        client
            .publishWith()
            .topic(config.topic() + "/alerts")
            .payload(AlertJson.bytes(alert, link))
            .qos(MqttQos.AT_LEAST_ONCE)
            .send();
    try {
      published.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return "the broker took it";
    } catch (TimeoutException e) {
      throw new IOException("the broker did not answer within " + patience.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new IOException("the broker did not take it: " + Failing.deepest(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("it was interrupted", e);
    } finally {
      published.cancel(true);
    }
  }

  /** Says that the master is gone, which the broker says only of one that was killed. */
  @Override
  public void close() {
    try {
      if (client.getState().isConnected()) {
        client
            .publishWith()
            .topic(config.topic() + "/status")
            .payload(OFFLINE.getBytes(UTF_8))
            .qos(MqttQos.AT_LEAST_ONCE)
            .retain(true)
            .send()
            .get(1, TimeUnit.SECONDS);
      }
    } catch (ExecutionException | TimeoutException e) {
      log.debug("no farewell: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    var unused = client.disconnect().exceptionally(e -> null);
  }
}
