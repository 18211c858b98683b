package io.github.raspberryspy.daemon;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.segments.ManifestException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the master has set, in a file beside the footage: whole or not at all. Immutable.
 *
 * @param version of the settings that the camera goes by; 0 where it goes by its own alone
 * @param values of them
 * @param tried the version that is being tried, or was when the program ended; 0 for none
 */
record RemoteSettings(long version, Map<String, String> values, long tried) {

  /** The file, in the folder of the camera's spool. */
  static final String FILE = "settings.json";

  /** None. */
  static final RemoteSettings NONE = new RemoteSettings(0, Map.of(), 0);

  private static final Logger log = LoggerFactory.getLogger(RemoteSettings.class);

  RemoteSettings {
    values = Map.copyOf(values);
  }

  /** What a folder has; none where the file is absent, or cannot be read, which is logged. */
  static RemoteSettings in(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return NONE;
    }
    try {
      return JsonFields.parse(
          Files.readAllBytes(file),
          FILE,
          f ->
              new RemoteSettings(f.whole("version"), f.object("values").texts(), f.whole("tried")));
    } catch (IOException e) {
      log.warn("{} is passed over, and the camera goes by its own settings: {}", file, reason(e));
      return NONE;
    }
  }

  private static String reason(IOException e) {
    return e instanceof ManifestException ? e.getMessage() : e.toString();
  }

  /** Makes them durable in a folder. */
  void save(Path folder) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator g = JsonFields.FACTORY.createGenerator(out)) {
      g.writeStartObject();
      g.writeNumberField("version", version);
      g.writeNumberField("tried", tried);
      g.writeFieldName("values");
      JsonFields.write(g, new TreeMap<>(values));
      g.writeEndObject();
    }
    DurableFiles.write(folder.resolve(FILE), out.toByteArray());
  }

  /** The same, while another version is tried. */
  RemoteSettings trying(long other) {
    return new RemoteSettings(version, values, other);
  }
}
