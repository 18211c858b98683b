package io.github.raspberryspy.sink.event;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.sink.event.Incident.Failure;
import io.github.raspberryspy.sink.event.Incident.Flushed;
import io.github.raspberryspy.sink.event.Incident.Verdict;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes and reads incidents as JSON: in the index, and for the page. */
public final class IncidentCodec {

  private IncidentCodec() {}

  /** The incident as JSON. */
  public static String encode(Incident incident) {
    var out = new StringWriter(512);
    try (JsonGenerator g = JsonFields.FACTORY.createGenerator(out)) {
      g.writeStartObject();
      g.writeStringField("id", incident.id());
      g.writeStringField("start", incident.start().toString());
      moment(g, "end", incident.end());
      g.writeArrayFieldStart("failures");
      for (Failure failure : incident.failures()) {
        write(g, failure);
      }
      g.writeEndArray();
      g.writeArrayFieldStart("others");
      for (Flushed other : incident.others()) {
        write(g, other);
      }
      g.writeEndArray();
      g.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string cannot fail", e);
    }
    return out.toString();
  }

  /**
   * Reads an incident.
   *
   * @throws ManifestException in one sentence, if the text is none
   */
  public static Incident decode(String json) throws ManifestException {
    return JsonFields.parse(
        json.getBytes(StandardCharsets.UTF_8), "incident", IncidentCodec::incident);
  }

  private static Incident incident(JsonFields f) throws ManifestException {
    List<Failure> failures = new ArrayList<>();
    for (JsonFields failure : f.objects("failures")) {
      failures.add(
          new Failure(
              failure.text("camera"),
              failure.text("kind"),
              failure.instant("since"),
              verdict(failure.text("verdict")),
              failure.text("sentence"),
              moment(failure, "end")));
    }
    List<Flushed> others = new ArrayList<>();
    for (JsonFields other : f.objects("others")) {
      others.add(
          new Flushed(
              other.text("camera"),
              other.instant("at"),
              moment(other, "answered"),
              other.flag("ok"),
              other.text("sentence")));
    }
    return new Incident(f.text("id"), f.instant("start"), moment(f, "end"), failures, others);
  }

  /** As it stands in JSON: {@code program-ended}. */
  public static String text(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Verdict verdict(String text) {
    return Verdict.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static void write(JsonGenerator g, Failure failure) throws IOException {
    g.writeStartObject();
    g.writeStringField("camera", failure.camera());
    g.writeStringField("kind", JsonFields.clip(failure.kind()));
    g.writeStringField("since", failure.since().toString());
    g.writeStringField("verdict", text(failure.verdict()));
    g.writeStringField("sentence", JsonFields.clip(failure.sentence()));
    moment(g, "end", failure.end());
    g.writeEndObject();
  }

  private static void write(JsonGenerator g, Flushed other) throws IOException {
    g.writeStartObject();
    g.writeStringField("camera", other.camera());
    g.writeStringField("at", other.at().toString());
    moment(g, "answered", other.answered());
    g.writeBooleanField("ok", other.ok());
    g.writeStringField("sentence", JsonFields.clip(other.sentence()));
    g.writeEndObject();
  }

  private static void moment(JsonGenerator g, String name, Optional<Instant> at)
      throws IOException {
    if (at.isPresent()) {
      g.writeStringField(name, at.get().toString());
    }
  }

  private static Optional<Instant> moment(JsonFields f, String name) throws ManifestException {
    return f.has(name) ? Optional.of(f.instant(name)) : Optional.empty();
  }
}
