package io.github.raspberryspy.sink.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.segments.wire.BoardHealth;
import io.github.raspberryspy.segments.wire.LinkMessage.CameraState;
import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import io.github.raspberryspy.segments.wire.LinkMessage.Heartbeat;
import io.github.raspberryspy.sink.event.CameraStatus;
import io.github.raspberryspy.sink.event.MasterEvent;
import io.github.raspberryspy.sink.event.MasterEvent.CameraReported;
import io.github.raspberryspy.sink.event.MasterEvent.FaultReported;
import io.github.raspberryspy.sink.event.MasterEvent.MotionReported;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Each camera as a device with its entities, and their states; all retained, and told again to a
 * broker that is connected anew. Without discovery the states alone. Thread-safe.
 *
 * <p>Source: <a href="https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery">Home
 * Assistant, MQTT discovery</a>.
 */
final class HomeAssistant {

  private static final String ON = "ON";
  private static final String OFF = "OFF";
  private static final Duration NUMBERS_EVERY = Duration.ofSeconds(30);

  private final MqttConfig config;
  private final Clock clock;
  private final BiConsumer<String, String> retain;

  @GuardedBy("this")
  private final Map<String, String> told = new LinkedHashMap<>();

  @GuardedBy("this")
  private final Map<String, Instant> numbersAt = new TreeMap<>();

  @GuardedBy("this")
  private final Map<String, Set<String>> faults = new TreeMap<>();

  /**
   * Nothing is told yet.
   *
   * @param retain publishes a payload under a topic; called with a lock held, so returns at once
   */
  HomeAssistant(MqttConfig config, Clock clock, BiConsumer<String, String> retain) {
    this.config = config;
    this.clock = clock;
    this.retain = retain;
  }

  /** All that was told, again. */
  synchronized void publishAll() {
    told.forEach(retain);
  }

  synchronized void onEvent(MasterEvent event) {
    if (event instanceof CameraReported reported) {
      report(reported.status());
    } else if (event instanceof MotionReported motion) {
      tell(state(motion.camera(), "motion"), motion.ended() ? OFF : ON);
    } else if (event instanceof FaultReported reported) {
      fault(reported.camera(), reported.fault());
    }
  }

  @GuardedBy("this")
  private void report(CameraStatus status) {
    String camera = status.camera();
    boolean isHeard = status.isHeard();
    boolean isStruggling = status.state().equals(CameraState.RETRYING.text());
    if (!isHeard) {
      faults.remove(camera); // it says again what is still wrong when it connects
    }
    discover(status);
    tell(state(camera, "connectivity"), isHeard ? ON : OFF);
    boolean moves = isHeard && status.heartbeat().map(Heartbeat::motion).orElse(false);
    tell(state(camera, "motion"), moves ? ON : OFF);
    boolean isWrong = isStruggling || !faults.getOrDefault(camera, Set.of()).isEmpty();
    tell(state(camera, "problem"), isWrong ? ON : OFF);
    Instant now = clock.instant();
    Instant last = numbersAt.getOrDefault(camera, Instant.MIN);
    if (status.heartbeat().isPresent()
        && (now.isBefore(last) || !now.isBefore(last.plus(NUMBERS_EVERY)))) {
      numbersAt.put(camera, now);
      tell(state(camera, "numbers"), numbers(status.heartbeat().get()));
    }
  }

  private static String numbers(Heartbeat beat) {
    ObjectNode numbers =
        AlertJson.object()
            .put("backlogBytes", beat.backlogBytes())
            .put("spoolFreeBytes", beat.spoolFreeBytes())
            .put("framesDropped", beat.framesDropped());
    BoardHealth board = beat.health();
    board.temperatureC().ifPresent(degrees -> numbers.put("temperatureC", degrees));
    board.battery().ifPresent(battery -> numbers.put("batteryPercent", battery.percent()));
    wornPercent(board).ifPresent(worn -> numbers.put("diskWornPercent", worn));
    return new String(AlertJson.bytes(numbers), UTF_8);
  }

  private static OptionalInt wornPercent(BoardHealth board) {
    return board.disk().map(BoardHealth.Disk::wornPercent).orElse(OptionalInt.empty());
  }

  @GuardedBy("this")
  private void fault(String camera, Fault fault) {
    Set<String> kinds = faults.computeIfAbsent(camera, c -> new TreeSet<>());
    if (fault.ended()) {
      kinds.remove(fault.kind());
    } else {
      kinds.add(fault.kind());
    }
    tell(state(camera, "problem"), kinds.isEmpty() ? OFF : ON);
  }

  @GuardedBy("this")
  private void discover(CameraStatus status) {
    String camera = status.camera();
    if (config.discovery().isEmpty()) {
      return;
    }
    ObjectNode device =
        AlertJson.object()
            .put("name", status.name())
            .put("manufacturer", "RaspberrySpy")
            .put("model", "Camera")
            .put("sw_version", status.software());
    device.putArray("identifiers").add("raspberryspy_" + camera);
    binary(camera, "motion", "Motion", "motion", device);
    binary(camera, "connectivity", "Connection", "connectivity", device);
    binary(camera, "problem", "Problem", "problem", device);
    number(camera, "backlogBytes", "Backlog", "B data_size", device);
    number(camera, "spoolFreeBytes", "Free on its disk", "B data_size", device);
    number(camera, "framesDropped", "Frames dropped", "", device);
    status.heartbeat().ifPresent(beat -> discoverBoard(camera, beat.health(), device));
  }

  /** What its board says; others have no such entity. */
  @GuardedBy("this")
  private void discoverBoard(String camera, BoardHealth board, ObjectNode device) {
    if (board.temperatureC().isPresent()) {
      number(camera, "temperatureC", "Temperature", "°C temperature", device);
    }
    if (board.battery().isPresent()) {
      number(camera, "batteryPercent", "Battery", "% battery", device);
    }
    if (wornPercent(board).isPresent()) {
      number(camera, "diskWornPercent", "Worn of its disk", "%", device);
    }
  }

  @GuardedBy("this")
  private void binary(String camera, String what, String name, String type, ObjectNode device) {
    ObjectNode entity = entity(camera, what, name, device);
    entity.put("device_class", type).put("state_topic", state(camera, what));
    tell(discovery("binary_sensor", camera, what), new String(AlertJson.bytes(entity), UTF_8));
  }

  @GuardedBy("this")
  private void number(String camera, String what, String name, String unit, ObjectNode device) {
    ObjectNode entity = entity(camera, what, name, device);
    entity
        .put("state_topic", state(camera, "numbers"))
        .put("value_template", "{{ value_json." + what + " }}")
        .put("entity_category", "diagnostic");
    if (unit.isEmpty()) {
      entity.put("state_class", "total_increasing");
    } else {
      String[] words = unit.split(" ", 2); // the unit, and its class where there is one
      entity.put("unit_of_measurement", words[0]).put("state_class", "measurement");
      if (words.length > 1) {
        entity.put("device_class", words[1]);
      }
    }
    tell(discovery("sensor", camera, what), new String(AlertJson.bytes(entity), UTF_8));
  }

  private ObjectNode entity(String camera, String what, String name, ObjectNode device) {
    ObjectNode entity =
        AlertJson.object()
            .put("name", name)
            .put("unique_id", "raspberryspy_" + camera + "_" + what)
            .put("availability_topic", config.topic() + "/status");
    entity.set("device", device);
    return entity;
  }

  private String state(String camera, String what) {
    return config.topic() + "/cameras/" + camera + "/" + what;
  }

  private String discovery(String component, String camera, String what) {
    return config.discovery().orElseThrow()
        + "/"
        + component
        + "/raspberryspy_"
        + camera
        + "/"
        + what
        + "/config";
  }

  /** Says so unless it said this very thing before. */
  @GuardedBy("this")
  private void tell(String topic, String payload) {
    if (!payload.equals(told.put(topic, payload))) {
      retain.accept(topic, payload);
    }
  }
}
