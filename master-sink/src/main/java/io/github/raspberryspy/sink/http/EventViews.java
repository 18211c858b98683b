package io.github.raspberryspy.sink.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.github.raspberryspy.sink.event.Incident;
import io.github.raspberryspy.sink.event.IncidentCodec;
import io.github.raspberryspy.sink.index.CameraEvent;
import io.github.raspberryspy.sink.index.FaultSpan;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * What happened, as JSON. There may be ten thousand events, so neither a tree of them is grown
 * first, nor their text: it would take many times their memory.
 */
final class EventViews {

  private static final JsonFactory JSON = new JsonFactory();

  private EventViews() {}

  static void write(List<CameraEvent> events, OutputStream out) throws IOException {
    try (JsonGenerator g = JSON.createGenerator(out)) {
      g.writeStartArray();
      for (CameraEvent event : events) {
        write(g, event);
      }
      g.writeEndArray();
    }
  }

  static void writeIncidents(List<Incident> incidents, OutputStream out) throws IOException {
    try (JsonGenerator g = JSON.createGenerator(out)) {
      g.writeStartArray();
      for (Incident incident : incidents) {
        g.writeRawValue(IncidentCodec.encode(incident));
      }
      g.writeEndArray();
    }
  }

  private static void write(JsonGenerator g, CameraEvent event) throws IOException {
    g.writeStartObject();
    g.writeStringField("type", event.type());
    g.writeStringField("camera", event.camera());
    if (event.span().isPresent()) {
      copyFields(g, event.span().get());
      g.writeStringField("segment", event.segment().orElse(null));
    } else if (event.fault().isPresent()) {
      FaultSpan fault = event.fault().get();
      g.writeStringField("kind", fault.kind());
      g.writeStringField("start", event.at().toString());
      g.writeStringField("end", fault.end().map(Object::toString).orElse(null));
      g.writeBooleanField("alert", fault.alert());
      g.writeStringField("sentence", fault.sentence());
    } else {
      g.writeStringField("state", event.state().orElse(null));
      g.writeStringField("at", event.at().toString());
    }
    g.writeEndObject();
  }

  private static void copyFields(JsonGenerator g, String object) throws IOException {
    try (JsonParser p = JSON.createParser(object)) {
      p.nextToken(); // its beginning
      while (p.nextToken() == JsonToken.FIELD_NAME) {
        g.copyCurrentStructure(p);
      }
    }
  }
}
