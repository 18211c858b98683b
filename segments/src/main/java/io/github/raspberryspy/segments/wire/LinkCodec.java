package io.github.raspberryspy.segments.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.wire.LinkMessage.CameraState;
import io.github.raspberryspy.segments.wire.LinkMessage.Done;
import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import io.github.raspberryspy.segments.wire.LinkMessage.Goodbye;
import io.github.raspberryspy.segments.wire.LinkMessage.Heartbeat;
import io.github.raspberryspy.segments.wire.LinkMessage.Hello;
import io.github.raspberryspy.segments.wire.LinkMessage.Motion;
import io.github.raspberryspy.segments.wire.LinkMessage.Other;
import io.github.raspberryspy.segments.wire.LinkMessage.Setting;
import io.github.raspberryspy.segments.wire.LinkMessage.Settings;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Writes and reads the messages of the control link. The reader is bounded as manifests are; free
 * texts are cut to what it takes.
 */
public final class LinkCodec {

  private LinkCodec() {}

  /** The message as JSON. */
  public static String encode(LinkMessage message) {
    var out = new StringWriter(256);
    try (JsonGenerator g = JsonFields.FACTORY.createGenerator(out)) {
      g.writeStartObject();
      if (message instanceof Hello hello) {
        write(g, hello);
      } else if (message instanceof Heartbeat beat) {
        write(g, beat);
      } else if (message instanceof Motion motion) {
        g.writeStringField("type", "motion");
        g.writeBooleanField("ended", motion.ended());
        g.writeFieldName("span");
        JsonFields.write(g, motion.span());
      } else if (message instanceof Fault fault) {
        write(g, fault);
      } else if (message instanceof Done done) {
        write(g, done);
      } else if (message instanceof Settings settings) {
        write(g, settings);
      } else if (message instanceof Goodbye) {
        g.writeStringField("type", "goodbye");
      }
      g.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string cannot fail", e);
    }
    return out.toString();
  }

  /**
   * Reads a message.
   *
   * @throws ManifestException in one sentence, if the text is none that this version knows
   */
  public static LinkMessage decode(String json) throws ManifestException {
    return JsonFields.parse(json.getBytes(StandardCharsets.UTF_8), "message", LinkCodec::message);
  }

  private static LinkMessage message(JsonFields f) throws ManifestException {
    String type = f.text("type");
    return switch (type) {
      case "hello" ->
          new Hello(
              f.text("camera"),
              f.text("key"),
              f.freeText("software"),
              f.freeText("source"),
              f.has("start") ? f.text("start") : "",
              f.has("board") ? BoardCodec.facts(f.object("board")) : BoardFacts.UNKNOWN);
      case "heartbeat" ->
          new Heartbeat(
              f.constant(CameraState.class, "state"),
              f.freeText("problem"),
              f.wholeInt("width"),
              f.wholeInt("height"),
              f.number("fps").doubleValue(),
              f.whole("framesCaptured"),
              f.whole("framesRecorded"),
              f.whole("framesDropped"),
              f.whole("backlogSegments"),
              f.whole("backlogBytes"),
              optional(f, "backlogBytesPerSecond"),
              f.whole("spoolFreeBytes"),
              optional(f, "diskBytesADay"),
              f.flag("motion"),
              f.has("at") ? Optional.of(at(f)) : Optional.empty(),
              f.has("health") ? BoardCodec.health(f.object("health")) : BoardHealth.UNKNOWN);
      case "motion" -> new Motion(f.flag("ended"), span(f));
      case "fault" ->
          new Fault(faultKind(f), f.flag("ended"), f.flag("alert"), at(f), f.freeText("sentence"));
      case "settings" -> new Settings(f.whole("version"), other(f), settings(f));
      case "done" -> new Done(f.text("id"), f.flag("ok"), f.freeText("sentence"));
      case "goodbye" -> new Goodbye();
      default -> throw new ManifestException("message of unknown type \"" + type + "\"");
    };
  }

  /** What an older camera does not say, or this one does not know. */
  private static OptionalLong optional(JsonFields f, String name) throws ManifestException {
    return f.has(name) ? OptionalLong.of(f.whole(name)) : OptionalLong.empty();
  }

  private static EventSpan span(JsonFields f) throws ManifestException {
    return f.object("span").span();
  }

  private static void write(JsonGenerator g, Hello hello) throws IOException {
    g.writeStringField("type", "hello");
    g.writeStringField("camera", hello.camera());
    g.writeStringField("key", hello.key());
    g.writeStringField("software", JsonFields.clip(hello.software()));
    g.writeStringField("source", JsonFields.clip(hello.source()));
    if (!hello.start().isEmpty()) {
      g.writeStringField("start", hello.start());
    }
    if (!hello.board().equals(BoardFacts.UNKNOWN)) {
      g.writeObjectFieldStart("board");
      BoardCodec.writeFields(g, hello.board());
      g.writeEndObject();
    }
  }

  private static void write(JsonGenerator g, Fault fault) throws IOException {
    g.writeStringField("type", "fault");
    g.writeStringField("kind", JsonFields.clip(fault.kind()));
    g.writeBooleanField("ended", fault.ended());
    g.writeBooleanField("alert", fault.alert());
    g.writeStringField("at", fault.at().toString());
    g.writeStringField("sentence", JsonFields.clip(fault.sentence()));
  }

  /** A time that a clock may show: what is far off overflows where it is compared. */
  private static Instant at(JsonFields f) throws ManifestException {
    Instant at = f.instant("at");
    if (!SegmentName.isWithinYears(at, Instant.EPOCH)) {
      throw new ManifestException(
          "message's \"at\" of " + at + " is not within years 1970 to 9999");
    }
    return at;
  }

  /** Any word but the one by which the master says that it does not hear a camera. */
  private static String faultKind(JsonFields f) throws ManifestException {
    String kind = f.freeText("kind");
    if (kind.equals(Fault.LOST)) {
      throw new ManifestException(
          "message's \"kind\" is \"" + kind + "\", which no camera can say of itself");
    }
    return kind;
  }

  private static Optional<Other> other(JsonFields f) throws ManifestException {
    if (!f.has("other")) {
      return Optional.empty();
    }
    JsonFields other = f.object("other");
    return Optional.of(
        new Other(other.whole("version"), other.flag("refused"), other.freeText("sentence")));
  }

  private static List<Setting> settings(JsonFields f) throws ManifestException {
    List<Setting> settings = new ArrayList<>();
    for (JsonFields one : f.objects("settings")) {
      settings.add(
          new Setting(
              one.text("key"),
              one.text("meaning"),
              one.text("allowed"),
              one.has("kind") ? kind(one.object("kind")) : ValueKind.TEXT,
              one.text("value"),
              one.text("own"),
              one.has("gapless") && one.flag("gapless")));
    }
    return settings;
  }

  private static ValueKind kind(JsonFields f) throws ManifestException {
    List<String> options = new ArrayList<>();
    for (Object option : f.has("options") ? f.list("options") : List.of()) {
      options.add(String.valueOf(option));
    }
    return new ValueKind(
        f.text("word"), textOr(f, "min"), textOr(f, "max"), textOr(f, "unit"), options);
  }

  private static String textOr(JsonFields f, String name) throws ManifestException {
    return f.has(name) ? f.text(name) : "";
  }

  private static void write(JsonGenerator g, ValueKind kind) throws IOException {
    g.writeObjectFieldStart("kind");
    g.writeStringField("word", kind.word());
    if (!kind.min().isEmpty()) {
      g.writeStringField("min", kind.min());
    }
    if (!kind.max().isEmpty()) {
      g.writeStringField("max", kind.max());
    }
    if (!kind.unit().isEmpty()) {
      g.writeStringField("unit", kind.unit());
    }
    if (!kind.options().isEmpty()) {
      g.writeArrayFieldStart("options");
      for (String option : kind.options()) {
        g.writeString(option);
      }
      g.writeEndArray();
    }
    g.writeEndObject();
  }

  private static void write(JsonGenerator g, Settings settings) throws IOException {
    g.writeStringField("type", "settings");
    g.writeNumberField("version", settings.version());
    if (settings.other().isPresent()) {
      Other other = settings.other().get();
      g.writeObjectFieldStart("other");
      g.writeNumberField("version", other.version());
      g.writeBooleanField("refused", other.refused());
      g.writeStringField("sentence", JsonFields.clip(other.sentence()));
      g.writeEndObject();
    }
    g.writeArrayFieldStart("settings");
    for (Setting setting : settings.settings()) {
      g.writeStartObject();
      g.writeStringField("key", setting.key());
      g.writeStringField("meaning", JsonFields.clip(setting.meaning()));
      g.writeStringField("allowed", JsonFields.clip(setting.allowed()));
      write(g, setting.kind());
      g.writeStringField("value", setting.value());
      g.writeStringField("own", setting.own());
      g.writeBooleanField("gapless", setting.gapless());
      g.writeEndObject();
    }
    g.writeEndArray();
  }

  private static void write(JsonGenerator g, Done done) throws IOException {
    g.writeStringField("type", "done");
    g.writeStringField("id", done.id());
    g.writeBooleanField("ok", done.ok());
    g.writeStringField("sentence", JsonFields.clip(done.sentence()));
  }

  private static void write(JsonGenerator g, Heartbeat beat) throws IOException {
    g.writeStringField("type", "heartbeat");
    g.writeStringField("state", beat.state().text());
    g.writeStringField("problem", JsonFields.clip(beat.problem()));
    g.writeNumberField("width", beat.width());
    g.writeNumberField("height", beat.height());
    g.writeNumberField("fps", beat.fps());
    g.writeNumberField("framesCaptured", beat.framesCaptured());
    g.writeNumberField("framesRecorded", beat.framesRecorded());
    g.writeNumberField("framesDropped", beat.framesDropped());
    g.writeNumberField("backlogSegments", beat.backlogSegments());
    g.writeNumberField("backlogBytes", beat.backlogBytes());
    if (beat.backlogBytesPerSecond().isPresent()) {
      g.writeNumberField("backlogBytesPerSecond", beat.backlogBytesPerSecond().getAsLong());
    }
    g.writeNumberField("spoolFreeBytes", beat.spoolFreeBytes());
    if (beat.diskBytesADay().isPresent()) {
      g.writeNumberField("diskBytesADay", beat.diskBytesADay().getAsLong());
    }
    g.writeBooleanField("motion", beat.motion());
    if (beat.at().isPresent()) {
      g.writeStringField("at", beat.at().get().toString());
    }
    if (!beat.health().equals(BoardHealth.UNKNOWN)) {
      g.writeObjectFieldStart("health");
      BoardCodec.writeFields(g, beat.health());
      g.writeEndObject();
    }
  }
}
