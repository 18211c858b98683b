package io.github.raspberryspy.segments.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.wire.BoardHealth.Battery;
import io.github.raspberryspy.segments.wire.BoardHealth.BoardClock;
import io.github.raspberryspy.segments.wire.BoardHealth.Disk;
import io.github.raspberryspy.segments.wire.BoardHealth.Memory;
import io.github.raspberryspy.segments.wire.BoardHealth.Strain;
import io.github.raspberryspy.segments.wire.BoardHealth.Strains;
import io.github.raspberryspy.segments.wire.BoardHealth.Wifi;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Writes and reads what cameras say of their boards; the master's API shows it in the same form.
 * What is not known is left out.
 */
public final class BoardCodec {

  private BoardCodec() {}

  /** The fields of an object. */
  public static void writeFields(JsonGenerator g, BoardFacts facts) throws IOException {
    text(g, "model", facts.model());
    text(g, "system", facts.system());
    text(g, "kernel", facts.kernel());
    text(g, "firmware", facts.firmware());
  }

  /** Likewise. */
  public static void writeFields(JsonGenerator g, BoardHealth health) throws IOException {
    if (health.temperatureC().isPresent()) {
      g.writeNumberField("temperatureC", health.temperatureC().getAsDouble());
    }
    if (health.strains().isPresent()) {
      strains(g, "strains", health.strains().get().now());
      strains(g, "strainsSinceStart", health.strains().get().sinceStart());
    }
    if (health.wifi().isPresent()) {
      g.writeObjectFieldStart("wifi");
      text(g, "device", health.wifi().get().device());
      g.writeNumberField("signalDbm", health.wifi().get().signalDbm());
      g.writeNumberField("qualityPercent", health.wifi().get().qualityPercent());
      g.writeEndObject();
    }
    if (health.battery().isPresent()) {
      g.writeObjectFieldStart("battery");
      g.writeNumberField("percent", health.battery().get().percent());
      text(g, "status", health.battery().get().status());
      g.writeEndObject();
    }
    if (health.memory().isPresent()) {
      g.writeObjectFieldStart("memory");
      g.writeNumberField("totalBytes", health.memory().get().totalBytes());
      g.writeNumberField("availableBytes", health.memory().get().availableBytes());
      g.writeEndObject();
    }
    if (health.disk().isPresent()) {
      write(g, health.disk().get());
    }
    if (health.clock().isPresent()) {
      g.writeObjectFieldStart("clock");
      g.writeBooleanField("set", health.clock().get().set());
      g.writeBooleanField("synchronised", health.clock().get().synchronised());
      g.writeNumberField("maxErrorMillis", health.clock().get().maxErrorMillis());
      g.writeEndObject();
    }
    number(g, "uptimeSeconds", health.uptimeSeconds());
    if (!health.warnings().isEmpty()) {
      g.writeArrayFieldStart("warnings");
      for (String warning : health.warnings()) {
        g.writeString(JsonFields.clip(warning));
      }
      g.writeEndArray();
    }
  }

  private static void write(JsonGenerator g, Disk disk) throws IOException {
    g.writeObjectFieldStart("disk");
    text(g, "device", disk.device());
    g.writeNumberField("sizeBytes", disk.sizeBytes());
    number(g, "writtenBytesADay", disk.writtenBytesADay());
    number(g, "errors", disk.errors());
    if (disk.wornPercent().isPresent()) {
      g.writeNumberField("wornPercent", disk.wornPercent().getAsInt());
    }
    g.writeEndObject();
  }

  private static void strains(JsonGenerator g, String name, Set<Strain> strains)
      throws IOException {
    g.writeArrayFieldStart(name);
    for (Strain strain : Strain.values()) {
      if (strains.contains(strain)) {
        g.writeString(strain.text());
      }
    }
    g.writeEndArray();
  }

  private static void text(JsonGenerator g, String name, String text) throws IOException {
    if (!text.isEmpty()) {
      g.writeStringField(name, JsonFields.clip(text));
    }
  }

  private static void number(JsonGenerator g, String name, OptionalLong number) throws IOException {
    if (number.isPresent()) {
      g.writeNumberField(name, number.getAsLong());
    }
  }

  static BoardFacts facts(JsonFields f) throws ManifestException {
    return new BoardFacts(
        text(f, "model"), text(f, "system"), text(f, "kernel"), text(f, "firmware"));
  }

  static BoardHealth health(JsonFields f) throws ManifestException {
    return new BoardHealth(
        f.has("temperatureC")
            ? OptionalDouble.of(f.number("temperatureC").doubleValue())
            : OptionalDouble.empty(),
        f.has("strains")
            ? Optional.of(new Strains(strains(f, "strains"), strains(f, "strainsSinceStart")))
            : Optional.empty(),
        part(
            f,
            "wifi",
            w -> new Wifi(w.text("device"), w.wholeInt("signalDbm"), w.wholeInt("qualityPercent"))),
        part(f, "battery", b -> new Battery(b.wholeInt("percent"), text(b, "status"))),
        part(f, "memory", m -> new Memory(m.whole("totalBytes"), m.whole("availableBytes"))),
        part(f, "disk", BoardCodec::disk),
        part(
            f,
            "clock",
            c -> new BoardClock(c.flag("set"), c.flag("synchronised"), c.whole("maxErrorMillis"))),
        number(f, "uptimeSeconds"),
        warnings(f));
  }

  private static Disk disk(JsonFields f) throws ManifestException {
    return new Disk(
        f.text("device"),
        f.whole("sizeBytes"),
        number(f, "writtenBytesADay"),
        number(f, "errors"),
        f.has("wornPercent") ? OptionalInt.of(f.wholeInt("wornPercent")) : OptionalInt.empty());
  }

  private static <T> Optional<T> part(JsonFields f, String name, JsonFields.Reader<T> reader)
      throws ManifestException {
    return f.has(name) ? Optional.of(reader.read(f.object(name))) : Optional.empty();
  }

  /** Words that this version does not know are passed over. */
  private static Set<Strain> strains(JsonFields f, String name) throws ManifestException {
    Set<Strain> strains = EnumSet.noneOf(Strain.class);
    for (Object word : f.list(name)) {
      for (Strain strain : Strain.values()) {
        if (strain.text().equals(word)) {
          strains.add(strain);
        }
      }
    }
    return strains;
  }

  private static List<String> warnings(JsonFields f) throws ManifestException {
    List<String> warnings = new ArrayList<>();
    if (!f.has("warnings")) {
      return warnings;
    }
    for (Object word : f.list("warnings")) {
      warnings.add(word.toString());
    }
    return warnings;
  }

  private static String text(JsonFields f, String name) throws ManifestException {
    return f.has(name) ? f.text(name) : "";
  }

  private static OptionalLong number(JsonFields f, String name) throws ManifestException {
    return f.has(name) ? OptionalLong.of(f.whole(name)) : OptionalLong.empty();
  }
}
