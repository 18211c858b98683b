package io.github.raspberryspy.segments.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.segments.ManifestException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Writes and reads the commands of the control link. The reader is bounded as manifests are; free
 * texts are cut to what it takes.
 */
public final class CommandCodec {

  private CommandCodec() {}

  /** The command as JSON. */
  public static String encode(LinkCommand command) {
    var out = new StringWriter(128);
    try (JsonGenerator g = JsonFields.FACTORY.createGenerator(out)) {
      g.writeStartObject();
      if (command instanceof LinkCommand.Flush flush) {
        head(g, "flush", flush);
        g.writeBooleanField("urgent", flush.urgent());
        g.writeStringField("reason", JsonFields.clip(flush.reason()));
      } else if (command instanceof LinkCommand.Flag flag) {
        head(g, "flag", flag);
        g.writeStringField("by", JsonFields.clip(flag.by()));
      } else if (command instanceof LinkCommand.Live live) {
        head(g, "live", live);
        g.writeBooleanField("on", live.on());
      } else if (command instanceof LinkCommand.Start start) {
        head(g, "start", start);
      } else if (command instanceof LinkCommand.Stop stop) {
        head(g, "stop", stop);
      } else if (command instanceof LinkCommand.Restart restart) {
        head(g, "restart", restart);
      } else if (command instanceof LinkCommand.Snapshot snapshot) {
        head(g, "snapshot", snapshot);
      } else if (command instanceof LinkCommand.Configure configure) {
        head(g, "configure", configure);
        g.writeNumberField("version", configure.version());
        g.writeFieldName("values");
        JsonFields.write(g, configure.values());
      } else if (command instanceof LinkCommand.Unknown unknown) {
        head(g, JsonFields.clip(unknown.type()), unknown);
      }
      g.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string cannot fail", e);
    }
    return out.toString();
  }

  /**
   * Reads a command; one that this version does not know as {@link LinkCommand.Unknown}.
   *
   * @throws ManifestException in one sentence, if the text is none
   */
  public static LinkCommand decode(String json) throws ManifestException {
    return JsonFields.parse(
        json.getBytes(StandardCharsets.UTF_8), "command", CommandCodec::command);
  }

  private static LinkCommand command(JsonFields f) throws ManifestException {
    String type = f.text("type");
    String id = f.text("id");
    return switch (type) {
      case "flush" -> new LinkCommand.Flush(id, f.flag("urgent"), f.text("reason"));
      case "flag" -> new LinkCommand.Flag(id, f.text("by"));
      case "live" -> new LinkCommand.Live(id, f.flag("on"));
      case "start" -> new LinkCommand.Start(id);
      case "stop" -> new LinkCommand.Stop(id);
      case "restart" -> new LinkCommand.Restart(id);
      case "snapshot" -> new LinkCommand.Snapshot(id);
      case "configure" ->
          new LinkCommand.Configure(id, f.whole("version"), f.object("values").texts());
      default -> new LinkCommand.Unknown(id, type);
    };
  }

  private static void head(JsonGenerator g, String type, LinkCommand command) throws IOException {
    g.writeStringField("type", type);
    g.writeStringField("id", command.id());
  }
}
