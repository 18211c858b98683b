package io.github.raspberryspy.sink.alert;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.wire.BoardFacts;
import io.github.raspberryspy.segments.wire.BoardHealth;
import io.github.raspberryspy.segments.wire.BoardHealth.Battery;
import io.github.raspberryspy.segments.wire.BoardHealth.Disk;
import io.github.raspberryspy.segments.wire.LinkMessage.CameraState;
import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import io.github.raspberryspy.segments.wire.LinkMessage.Heartbeat;
import io.github.raspberryspy.sink.event.CameraStatus;
import io.github.raspberryspy.sink.event.MasterEvent.CameraReported;
import io.github.raspberryspy.sink.event.MasterEvent.FaultReported;
import io.github.raspberryspy.sink.event.MasterEvent.MotionReported;
import io.github.raspberryspy.sink.fleet.Beats;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Alerts and states over a real broker. */
@Timeout(60)
class MqttChannelTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private final Map<String, String> heard = new ConcurrentHashMap<>();
  private Mosquitto broker;
  private Mqtt3AsyncClient listener;
  private MqttChannel channel;

  @BeforeEach
  void start() throws Exception {
    broker = new Mosquitto(folder);
    listener = listen();
    channel =
        new MqttChannel(
            new MqttConfig(
                URI.create("mqtt://127.0.0.1:" + broker.port),
                Optional.empty(),
                "raspberryspy",
                Optional.of("homeassistant")),
            Clock.systemUTC(),
            new Outgoing(Optional.empty(), Duration.ofSeconds(5), Trust.also(List.of())));
    channel.start();
  }

  @AfterEach
  void stop() throws Exception {
    if (channel != null) {
      channel.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  private Mqtt3AsyncClient listen() {
    Mqtt3AsyncClient client =
        MqttClient.builder()
            .useMqttVersion3()
            .serverHost("127.0.0.1")
            .serverPort(broker.port)
            .buildAsync();
    await()
        .ignoreExceptionsInstanceOf(ExecutionException.class)
        .until(
            () -> {
              client.connect().get(5, TimeUnit.SECONDS);
              return true;
            });
    client
        .subscribeWith()
        .topicFilter("#")
        .callback(m -> heard.put(m.getTopic().toString(), new String(m.getPayloadAsBytes(), UTF_8)))
        .send()
        .join();
    return client;
  }

  private static CameraReported report(String state) {
    return report(state, Optional.empty());
  }

  private static CameraReported report(String state, Optional<Heartbeat> beat) {
    return new CameraReported(
        new CameraStatus(
            "front",
            "Front door",
            state,
            Optional.of(NOON),
            Optional.of(NOON),
            "demo",
            "RaspberrySpy 1",
            BoardFacts.UNKNOWN,
            Optional.empty(),
            beat),
        true);
  }

  private void awaits(String topic, String payload) {
    await().until(() -> payload.equals(heard.get(topic)));
  }

  @Test
  void homeAssistantFindsEachCameraWithItsStates() throws Exception {
    channel.onEvent(report("recording"));
    awaits("raspberryspy/status", "online");
    awaits("raspberryspy/cameras/front/connectivity", "ON");
    awaits("raspberryspy/cameras/front/motion", "OFF");
    await().until(() -> heard.keySet().stream().filter(t -> t.endsWith("/config")).count() == 6);
    JsonNode motion =
        JSON.readTree(heard.get("homeassistant/binary_sensor/raspberryspy_front/motion/config"));
    assertThat(motion.get("device_class").asText()).isEqualTo("motion");
    assertThat(motion.get("state_topic").asText()).isEqualTo("raspberryspy/cameras/front/motion");
    assertThat(motion.get("availability_topic").asText()).isEqualTo("raspberryspy/status");
    assertThat(motion.get("device").get("identifiers").get(0).asText())
        .isEqualTo("raspberryspy_front");

    channel.onEvent(
        new MotionReported(
            "front", false, new EventSpan(NOON, NOON.plusSeconds(1), 0.5, List.of(), List.of())));
    awaits("raspberryspy/cameras/front/motion", "ON");
    channel.onEvent(
        new FaultReported("front", new Fault("lens-covered", false, true, NOON, "covered")));
    awaits("raspberryspy/cameras/front/problem", "ON");
    channel.onEvent(report(CameraStatus.LOST));
    awaits("raspberryspy/cameras/front/connectivity", "OFF");
    awaits("raspberryspy/cameras/front/motion", "OFF");
  }

  @Test
  void homeAssistantFindsWhatTheBoardOfACameraSays() throws Exception {
    BoardHealth board =
        new BoardHealth(
            OptionalDouble.of(61.5),
            Optional.empty(),
            Optional.empty(),
            Optional.of(new Battery(80, "charging")),
            Optional.empty(),
            Optional.of(
                new Disk("sda", 1, OptionalLong.empty(), OptionalLong.empty(), OptionalInt.of(20))),
            Optional.empty(),
            OptionalLong.empty(),
            List.of());
    Heartbeat beat = Beats.of(CameraState.RECORDING, 0, board);
    channel.onEvent(report("recording", Optional.of(beat)));
    await().until(() -> heard.keySet().stream().filter(t -> t.endsWith("/config")).count() == 9);
    JsonNode battery =
        JSON.readTree(heard.get("homeassistant/sensor/raspberryspy_front/batteryPercent/config"));
    assertThat(battery.get("device_class").asText()).isEqualTo("battery");
    assertThat(battery.get("unit_of_measurement").asText()).isEqualTo("%");
    await().until(() -> heard.containsKey("raspberryspy/cameras/front/numbers"));
    JsonNode numbers = JSON.readTree(heard.get("raspberryspy/cameras/front/numbers"));
    assertThat(numbers.get("temperatureC").asDouble()).isEqualTo(61.5);
    assertThat(numbers.get("batteryPercent").asInt()).isEqualTo(80);
    assertThat(numbers.get("diskWornPercent").asInt()).isEqualTo(20);
  }

  @Test
  void statesAreRetainedForWhoComesLater() {
    channel.onEvent(report("recording"));
    awaits("raspberryspy/cameras/front/connectivity", "ON");
    heard.clear();
    listener.disconnect().join();
    listener = listen();
    awaits("raspberryspy/cameras/front/connectivity", "ON");
    awaits("raspberryspy/status", "online");
  }

  @Test
  void anAlertIsOneMessageWithItsId() throws Exception {
    awaits("raspberryspy/status", "online");
    Alert alert = Alert.of("x", AlertKind.LOST, "front", NOON, "It is unreachable.");
    assertThat(channel.send(alert)).isEqualTo("the broker took it");
    await().until(() -> heard.containsKey("raspberryspy/alerts"));
    assertThat(JSON.readTree(heard.get("raspberryspy/alerts")).get("id").asText())
        .isEqualTo(alert.id());
  }

  @Test
  void aBrokerThatComesBackIsToldEverythingAnew() throws Exception {
    channel.onEvent(report("recording"));
    awaits("raspberryspy/cameras/front/connectivity", "ON");
    broker.stop();
    Alert alert = Alert.of("x", AlertKind.LOST, "front", NOON, "It is unreachable.");
    await()
        .untilAsserted(
            () ->
                assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> channel.send(alert))
                    .withMessage("nobody answers at 127.0.0.1:" + broker.port));
    channel.onEvent(report(CameraStatus.LOST));
    heard.clear();
    broker.start();
    listener = listen();
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> "OFF".equals(heard.get("raspberryspy/cameras/front/connectivity")));
    assertThat(channel.send(alert)).isEqualTo("the broker took it");
  }

  @Test
  void aMasterThatEndsIsOffline() {
    awaits("raspberryspy/status", "online");
    channel.close();
    awaits("raspberryspy/status", "offline");
  }

  @Test
  void homeAssistantThatStartsAnewIsToldEverythingAgain() {
    channel.onEvent(report("recording"));
    String topic = "homeassistant/binary_sensor/raspberryspy_front/motion/config";
    await().until(() -> heard.containsKey(topic));
    heard.clear();
    listener.publishWith().topic("homeassistant/status").payload("online".getBytes(UTF_8)).send();
    await().until(() -> heard.containsKey(topic));
  }
}
