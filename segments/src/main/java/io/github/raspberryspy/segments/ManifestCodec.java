package io.github.raspberryspy.segments;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes and reads a manifest as JSON.
 *
 * <p>Fields that this version does not know are passed over, so that a newer writer's manifests are
 * read; a field that is missing or out of range is an error that names it. The reader is bounded:
 * at most {@link JsonFields#MAX_BYTES}, nesting of 8, {@link JsonFields#MAX_ITEMS} entries in a
 * list.
 */
public final class ManifestCodec {

  /**
   * Largest manifest that is written, and that a master takes: an hour with an event every three
   * seconds fits, and one with an event every ten seconds and five boxes in each.
   */
  public static final int MAX_BYTES = 256 << 10;

  private ManifestCodec() {}

  /**
   * The manifest as UTF-8 JSON, one field a line. Where it would be larger than {@link #MAX_BYTES},
   * its motion, what is not known of it, and its gaps are made coarser until it is not; long
   * reasons and zone names are cut.
   */
  public static byte[] encode(SegmentManifest manifest) {
    SegmentManifest m = manifest;
    byte[] json = write(m);
    while (json.length > MAX_BYTES
        || m.motion().size() > JsonFields.MAX_ITEMS
        || m.unknown().size() > JsonFields.MAX_ITEMS
        || m.gaps().size() > JsonFields.MAX_ITEMS) {
      m = ManifestThinning.less(m);
      json = write(m);
    }
    return json;
  }

  private static byte[] write(SegmentManifest m) {
    var out = new ByteArrayOutputStream(1024);
    try (JsonGenerator g = JsonFields.FACTORY.createGenerator(out).useDefaultPrettyPrinter()) {
      g.writeStartObject();
      writeFields(g, m);
      g.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a byte array cannot fail", e);
    }
    return out.toByteArray();
  }

  /** Writes the manifest's fields into an object that is begun, and stays open. */
  public static void writeFields(JsonGenerator g, SegmentManifest m) throws IOException {
    g.writeStringField("id", m.id().toString());
    g.writeStringField("camera", m.id().camera());
    g.writeStringField("key", m.id().key());
    g.writeNumberField("run", m.id().run());
    g.writeNumberField("sequence", m.id().sequence());
    g.writeStringField("start", m.start().toString());
    g.writeStringField("end", m.end().toString());
    g.writeStringField("clock", JsonFields.lower(m.clock()));
    g.writeNumberField("firstPtsUs", m.firstPtsUs());
    g.writeNumberField("frames", m.frames());
    g.writeNumberField("bytes", m.content().bytes());
    g.writeStringField("sha256", m.content().sha256());
    g.writeStringField("codec", m.video().codec());
    g.writeNumberField("width", m.video().width());
    g.writeNumberField("height", m.video().height());
    g.writeNumberField("fps", m.video().fps());
    if (m.audio().isPresent()) {
      write(g, m.audio().get());
    }
    g.writeArrayFieldStart("motion");
    for (EventSpan span : m.motion()) {
      JsonFields.write(g, span);
    }
    g.writeEndArray();
    if (!m.unknown().isEmpty()) {
      g.writeArrayFieldStart("motionUnknown");
      for (UnknownSpan span : m.unknown()) {
        write(g, span.start(), span.end(), span.reason());
      }
      g.writeEndArray();
    }
    g.writeArrayFieldStart("gaps");
    for (Gap gap : m.gaps()) {
      write(g, gap.start(), gap.end(), gap.reason());
    }
    g.writeEndArray();
    g.writeStringField("closed", JsonFields.lower(m.closed()));
    g.writeNumberField("version", SegmentManifest.VERSION);
  }

  private static void write(JsonGenerator g, Instant start, Instant end, String reason)
      throws IOException {
    g.writeStartObject();
    g.writeStringField("start", start.toString());
    g.writeStringField("end", end.toString());
    g.writeStringField("reason", JsonFields.clip(reason));
    g.writeEndObject();
  }

  private static void write(JsonGenerator g, AudioFormat audio) throws IOException {
    g.writeObjectFieldStart("audio");
    g.writeStringField("codec", audio.codec());
    g.writeNumberField("sampleRateHz", audio.sampleRateHz());
    g.writeNumberField("channels", audio.channels());
    g.writeEndObject();
  }

  /**
   * Reads a manifest file.
   *
   * @throws ManifestException if its content is not a manifest
   * @throws IOException if it cannot be read
   */
  public static SegmentManifest read(Path file) throws IOException {
    if (Files.size(file) > JsonFields.MAX_BYTES) {
      throw new ManifestException(
          "manifest " + file + " is larger than " + JsonFields.MAX_BYTES + " bytes");
    }
    try {
      return decode(Files.readAllBytes(file));
    } catch (ManifestException e) {
      throw new ManifestException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads a manifest.
   *
   * @throws ManifestException in one sentence that names the field, if these bytes are not one
   */
  public static SegmentManifest decode(byte[] json) throws ManifestException {
    return JsonFields.parse(json, "manifest", ManifestCodec::manifest);
  }

  private static SegmentManifest manifest(JsonFields f) throws ManifestException {
    long version = f.whole("version");
    if (version < 1 || version > SegmentManifest.VERSION) {
      throw new ManifestException(
          "manifest version " + version + " is not within 1 to " + SegmentManifest.VERSION);
    }
    SegmentId id =
        new SegmentId(f.text("camera"), f.text("key"), f.whole("run"), f.whole("sequence"));
    if (!id.toString().equals(f.text("id"))) {
      throw new ManifestException(
          "manifest's id \"" + f.text("id") + "\" does not agree with its parts, " + id);
    }
    return new SegmentManifest(
        id,
        f.instant("start"),
        f.instant("end"),
        f.constant(ClockState.class, "clock"),
        f.whole("firstPtsUs"),
        f.whole("frames"),
        new VideoFormat(
            f.text("codec"),
            f.wholeInt("width"),
            f.wholeInt("height"),
            f.number("fps").doubleValue()),
        audio(f),
        new Content(f.whole("bytes"), f.text("sha256")),
        motion(f),
        unknown(f),
        gaps(f),
        f.constant(CloseReason.class, "closed"));
  }

  private static Optional<AudioFormat> audio(JsonFields f) throws ManifestException {
    if (!f.has("audio")) {
      return Optional.empty();
    }
    JsonFields audio = f.object("audio");
    return Optional.of(
        new AudioFormat(
            audio.text("codec"), audio.wholeInt("sampleRateHz"), audio.wholeInt("channels")));
  }

  private static List<EventSpan> motion(JsonFields f) throws ManifestException {
    List<EventSpan> spans = new ArrayList<>();
    for (JsonFields span : f.objects("motion")) {
      spans.add(span.span());
    }
    return spans;
  }

  /** Writers that know no such thing, and those that have nothing to tell, leave it out. */
  private static List<UnknownSpan> unknown(JsonFields f) throws ManifestException {
    List<UnknownSpan> spans = new ArrayList<>();
    if (f.has("motionUnknown")) {
      for (JsonFields span : f.objects("motionUnknown")) {
        spans.add(
            new UnknownSpan(span.instant("start"), span.instant("end"), span.freeText("reason")));
      }
    }
    return spans;
  }

  private static List<Gap> gaps(JsonFields f) throws ManifestException {
    List<Gap> gaps = new ArrayList<>();
    for (JsonFields gap : f.objects("gaps")) {
      gaps.add(new Gap(gap.instant("start"), gap.instant("end"), gap.freeText("reason")));
    }
    return gaps;
  }
}
