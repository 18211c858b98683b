package io.github.raspberryspy.sink.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.wire.BoardHealth;
import io.github.raspberryspy.segments.wire.LinkMessage.CameraState;
import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import io.github.raspberryspy.segments.wire.LinkMessage.Heartbeat;
import io.github.raspberryspy.sink.event.CameraStatus;
import io.github.raspberryspy.sink.event.Incident;
import io.github.raspberryspy.sink.event.IncidentCodec;
import io.github.raspberryspy.sink.event.MasterEvent;
import io.github.raspberryspy.sink.event.MasterEvent.CameraPaired;
import io.github.raspberryspy.sink.event.MasterEvent.CameraReported;
import io.github.raspberryspy.sink.event.MasterEvent.FaultReported;
import io.github.raspberryspy.sink.event.MasterEvent.IncidentChanged;
import io.github.raspberryspy.sink.event.MasterEvent.MasterTrouble;
import io.github.raspberryspy.sink.event.MasterEvent.MotionReported;
import io.github.raspberryspy.sink.event.MasterEvent.SegmentDeleted;
import io.github.raspberryspy.sink.event.MasterEvent.SegmentRestored;
import io.github.raspberryspy.sink.event.MasterEvent.SegmentSaved;
import io.github.raspberryspy.sink.event.MasterEvent.SegmentStored;
import io.github.raspberryspy.sink.event.MasterEvent.SettingsChanged;
import io.github.raspberryspy.sink.event.SettingsChange;
import io.github.raspberryspy.sink.index.CameraEvent;
import io.github.raspberryspy.sink.index.CameraLog;
import io.github.raspberryspy.sink.index.CameraTotals;
import io.github.raspberryspy.sink.index.FaultSpan;
import io.github.raspberryspy.sink.index.SegmentPage;
import io.github.raspberryspy.sink.index.StoredSegment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** What the API shows, as JSON. */
final class Views {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Stands for a camera that has not said anything yet. */
  private static final Heartbeat SILENT =
      new Heartbeat(
          CameraState.STOPPED,
          "",
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          OptionalLong.empty(),
          0,
          OptionalLong.empty(),
          false,
          Optional.empty(),
          BoardHealth.UNKNOWN);

  private Views() {}

  static ArrayNode array() {
    return JSON.createArrayNode();
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  static ObjectNode segment(StoredSegment segment) {
    try (TokenBuffer buffer = new TokenBuffer(JSON, false)) {
      write(buffer, segment);
      return JSON.readTree(buffer.asParser());
    } catch (IOException e) {
      throw new UncheckedIOException("what is in memory cannot fail", e);
    }
  }

  /** A page of a listing. It may have a thousand segments, so no tree of it is grown first. */
  static byte[] page(SegmentPage page, int number, int limit) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
    try (JsonGenerator g = JSON.createGenerator(out)) {
      g.writeStartObject();
      g.writeArrayFieldStart("segments");
      for (StoredSegment segment : page.segments()) {
        write(g, segment);
      }
      g.writeEndArray();
      if (page.next().isPresent()) {
        g.writeStringField("next", page.next().get().toString());
      }
      g.writeNumberField("page", number);
      g.writeNumberField("pages", (page.total() + limit - 1) / limit);
      g.writeNumberField("total", page.total());
      g.writeBooleanField("hasMore", page.hasMore());
      g.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("what is in memory cannot fail", e);
    }
    return out.toByteArray();
  }

  private static void write(JsonGenerator g, StoredSegment segment) throws IOException {
    g.writeStartObject();
    ManifestCodec.writeFields(g, segment.manifest());
    if (segment.damage().isPresent()) {
      g.writeStringField("damaged", segment.damage().get());
    }
    g.writeBooleanField("saved", segment.saved());
    if (!segment.note().isEmpty()) {
      g.writeStringField("note", segment.note());
    }
    g.writeStringField("receivedAt", segment.receivedAt().toString());
    g.writeEndObject();
  }

  static ObjectNode camera(CameraStatus status) {
    ObjectNode node =
        object()
            .put("id", status.camera())
            .put("name", status.name())
            .put("state", status.state())
            .put("problem", status.heartbeat().map(Heartbeat::problem).orElse(""))
            .put("since", status.since().map(Object::toString).orElse(null))
            .put("lastHeartbeat", status.lastHeartbeat().map(Object::toString).orElse(null))
            .put("source", status.source())
            .put("software", status.software());
    node.set("board", HealthView.of(status.board()));
    node.set("health", HealthView.of(status));
    Heartbeat beat = status.heartbeat().orElse(SILENT);
    beat.diskBytesADay().ifPresent(bytes -> node.put("diskBytesADay", bytes));
    beat.backlogBytesPerSecond()
        .ifPresent(
            rate -> {
              node.put("backlogBytesPerSecond", rate);
              if (rate > 0) {
                node.put("backlogSecondsLeft", beat.backlogBytes() / rate);
              }
            });
    return node.put("width", beat.width())
        .put("height", beat.height())
        .put("fps", beat.fps())
        .put("framesCaptured", beat.framesCaptured())
        .put("framesRecorded", beat.framesRecorded())
        .put("framesDropped", beat.framesDropped())
        .put("backlogSegments", beat.backlogSegments())
        .put("backlogBytes", beat.backlogBytes())
        .put("spoolFreeBytes", beat.spoolFreeBytes())
        .put("motion", beat.motion() && status.isHeard());
  }

  static ObjectNode camera(CameraStatus status, CameraTotals totals) {
    return camera(status)
        .put("segments", totals.segments())
        .put("bytes", totals.bytes())
        .put("latestSegment", totals.latestSegment());
  }

  /** What is pushed to the page; null where the page is not told. */
  static ObjectNode push(MasterEvent event) {
    if (event instanceof SegmentStored stored) {
      return object().put("type", "segment").set("segment", segment(stored.segment()));
    }
    if (event instanceof SegmentRestored restored) {
      return object().put("type", "segment").set("segment", segment(restored.segment()));
    }
    if (event instanceof CameraReported reported) {
      return object().put("type", "camera").set("camera", camera(reported.status()));
    }
    if (event instanceof MotionReported motion) {
      ObjectNode node = object().put("type", "motion").put("camera", motion.camera());
      node.put("ended", motion.ended());
      return node.setAll((ObjectNode) parse(CameraLog.json(motion.span()).getBytes(UTF_8)));
    }
    if (event instanceof FaultReported reported) {
      Fault fault = reported.fault();
      return object()
          .put("type", "fault")
          .put("camera", reported.camera())
          .put("kind", fault.kind())
          .put("ended", fault.ended())
          .put("alert", fault.alert())
          .put("at", fault.at().toString())
          .put("sentence", fault.sentence());
    }
    if (event instanceof MasterTrouble trouble) {
      return trouble(trouble).put("type", "trouble").put("ended", trouble.ended());
    }
    if (event instanceof IncidentChanged changed) {
      return object()
          .put("type", "incident")
          .put("change", changed.change().name().toLowerCase(Locale.ROOT))
          .set("incident", incident(changed.incident()));
    }
    if (event instanceof SettingsChanged changed) {
      return object().put("type", "settings").set("change", change(changed.change()));
    }
    if (event instanceof CameraPaired paired) {
      return object()
          .put("type", "paired")
          .put("camera", paired.camera())
          .put("code", paired.code());
    }
    if (event instanceof SegmentSaved saved) {
      return object()
          .put("type", "saved")
          .put("id", saved.id().toString())
          .put("camera", saved.id().camera())
          .put("saved", saved.saved())
          .put("note", saved.note());
    }
    if (event instanceof SegmentDeleted deleted) {
      return object()
          .put("type", "deleted")
          .put("id", deleted.id().toString())
          .put("camera", deleted.id().camera())
          .put("bytes", deleted.bytes())
          .put("reason", deleted.reason());
    }
    return null;
  }

  /** Cameras that failed, and what the others did. */
  static ObjectNode incident(Incident incident) {
    return (ObjectNode) parse(IncidentCodec.encode(incident).getBytes(UTF_8));
  }

  /** What somebody set of a camera. */
  static ObjectNode change(SettingsChange change) {
    ObjectNode values = object();
    change.values().forEach(values::put);
    return object()
        .put("camera", change.camera())
        .put("version", change.version())
        .put("at", change.at().toString())
        .put("who", change.who())
        .put("state", change.state().name().toLowerCase(Locale.ROOT))
        .put("sentence", change.sentence())
        .set("values", values);
  }

  /** Something that is wrong with the master. */
  static ObjectNode trouble(MasterTrouble trouble) {
    return object()
        .put("kind", trouble.kind())
        .put("since", trouble.since().toString())
        .put("sentence", trouble.sentence());
  }

  /** Something that is wrong with a camera. */
  static ObjectNode trouble(CameraEvent event, FaultSpan fault) {
    return object()
        .put("camera", event.camera())
        .put("kind", fault.kind())
        .put("since", event.at().toString())
        .put("sentence", fault.sentence());
  }

  private static JsonNode parse(byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (JacksonException e) {
      throw new IllegalStateException("our own JSON cannot be read", e);
    } catch (IOException e) {
      throw new UncheckedIOException("a byte array cannot fail", e);
    }
  }
}
