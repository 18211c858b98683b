package io.github.raspberryspy.sink.index;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.sink.event.SettingsChange;
import io.github.raspberryspy.sink.event.SettingsChange.State;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What people set of cameras, and what they call them. Thread-safe. */
public final class SettingsLog {

  /** Versions that are kept of each camera, the latest. */
  public static final int MOST_KEPT = 200;

  private final Database database;

  SettingsLog(Database database) {
    this.database = database;
  }

  /** Notes a change, in place of what was noted of the same version. */
  public void noted(SettingsChange change) {
    database.change(
        h -> {
          h.createUpdate(
                  "INSERT INTO settings (camera, version, at_us, who, state, sentence, vals)"
                      + " VALUES (:camera, :version, :at, :who, :state, :sentence, :vals)"
                      + " ON CONFLICT (camera, version) DO UPDATE SET state = excluded.state,"
                      + " sentence = excluded.sentence")
              .bind("camera", change.camera())
              .bind("version", change.version())
              .bind("at", Micros.of(change.at()))
              .bind("who", Rows.plain(change.who()))
              .bind("state", change.state().name().toLowerCase(Locale.ROOT))
              .bind("sentence", Rows.plain(change.sentence()))
              .bind("vals", Rows.plain(json(change.values())))
              .execute();
          h.createUpdate("DELETE FROM settings WHERE camera = :camera AND version <= :oldest")
              .bind("camera", change.camera())
              .bind("oldest", change.version() - MOST_KEPT)
              .execute();
        });
  }

  /** The changes of a camera, latest first; so many at the most. */
  public List<SettingsChange> latest(String camera, int most) {
    return database.read(
        h ->
            h.createQuery(
                    "SELECT camera, version, at_us, who, state, sentence, vals FROM settings"
                        + " WHERE camera = :camera ORDER BY version DESC LIMIT :most")
                .bind("camera", camera)
                .bind("most", most)
                .map((rs, ctx) -> change(rs))
                .list());
  }

  /** What people call cameras, of those that have a name. */
  public Map<String, String> names() {
    Map<String, String> names = new TreeMap<>();
    database.read(
        h -> {
          h.createQuery("SELECT camera, name FROM camera_names")
              .map((rs, ctx) -> names.put(rs.getString(1), rs.getString(2)))
              .list();
          return names;
        });
    return names;
  }

  /** Calls a camera so; by its own name where that is empty. */
  public void name(String camera, Optional<String> name) {
    database.change(
        h -> {
          if (name.isEmpty()) {
            h.createUpdate("DELETE FROM camera_names WHERE camera = :camera")
                .bind("camera", camera)
                .execute();
          } else {
            h.createUpdate(
                    "INSERT INTO camera_names (camera, name) VALUES (:camera, :name)"
                        + " ON CONFLICT (camera) DO UPDATE SET name = excluded.name")
                .bind("camera", camera)
                .bind("name", Rows.plain(name.get()))
                .execute();
          }
        });
  }

  private static SettingsChange change(ResultSet rs) throws SQLException {
    try {
      return new SettingsChange(
          rs.getString(1),
          rs.getLong(2),
          Micros.instant(rs.getLong(3)),
          rs.getString(4),
          State.valueOf(rs.getString(5).toUpperCase(Locale.ROOT)),
          rs.getString(6),
          JsonFields.parse(
              rs.getString(7).getBytes(StandardCharsets.UTF_8), "settings", JsonFields::texts));
    } catch (ManifestException e) {
      throw new SQLException("settings in the index cannot be read: " + e.getMessage(), e);
    }
  }

  private static String json(Map<String, String> values) {
    var out = new StringWriter(256);
    try (JsonGenerator g = JsonFields.FACTORY.createGenerator(out)) {
      JsonFields.write(g, values);
    } catch (IOException e) {
      throw new UncheckedIOException("a string cannot fail", e);
    }
    return out.toString();
  }
}
