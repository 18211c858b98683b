package io.github.raspberryspy.sink.index;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.sink.event.CameraStatus;
import io.github.raspberryspy.sink.event.Incident;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * What the index remembers of cameras: who had a link, when each was lost and back, what was wrong
 * with it, what moved, and the motion of its segments. Thread-safe.
 */
public final class CameraLog {

  /** Most events of one kind in an answer. */
  public static final int MOST_EVENTS = 10_000;

  private static final int MOST_LOSSES = 10_000;

  private static final String MOTION =
      "SELECT 'motion', camera, start_us, NULL, segment, span FROM motion";
  private static final String SIZES = "SELECT octet_length(span) FROM motion";

  private final Database database;
  private final FaultLog faults;
  private final IncidentLog incidents;
  private final SettingsLog settings;
  private final HeardLog heard;

  CameraLog(Database database) {
    this.database = database;
    this.faults = new FaultLog(database);
    this.incidents = new IncidentLog(database);
    this.settings = new SettingsLog(database);
    this.heard = new HeardLog(database);
  }

  /** What was wrong with them. */
  public FaultLog faults() {
    return faults;
  }

  /** When they failed, and what the others did. */
  public IncidentLog incidents() {
    return incidents;
  }

  /** What people set of them. */
  public SettingsLog settings() {
    return settings;
  }

  /** What moved of which no segment is there yet. */
  public HeardLog motion() {
    return heard;
  }

  /** Remembers a camera as it said hello. */
  public void heard(KnownCamera camera) {
    database.change(
        h ->
            h.createUpdate(
                    "INSERT INTO cameras (camera, key, software, source, last_heard_us, state)"
                        + " VALUES (:camera, :key, :software, :source, :heard, :state)"
                        + " ON CONFLICT (camera) DO UPDATE SET key = excluded.key,"
                        + " software = excluded.software, source = excluded.source,"
                        + " last_heard_us = excluded.last_heard_us, state = excluded.state")
                .bind("camera", camera.camera())
                .bind("key", Rows.plain(camera.key()))
                .bind("software", Rows.plain(camera.software()))
                .bind("source", Rows.plain(camera.source()))
                .bind("heard", Micros.of(camera.lastHeard()))
                .bind("state", camera.state())
                .execute());
  }

  /** Notes when cameras were heard last. */
  public void heard(Map<String, Instant> cameras) {
    database.change(h -> cameras.forEach((camera, at) -> heard(h, camera, at)));
  }

  private static void heard(Handle h, String camera, Instant at) {
    h.createUpdate("UPDATE cameras SET last_heard_us = :at WHERE camera = :camera")
        .bind("at", Micros.of(at))
        .bind("camera", camera)
        .execute();
  }

  /**
   * Cameras that should be heard: they have not left, nobody took their key from them, and no
   * incident says already that they are lost.
   */
  public Set<String> awaited() {
    List<String> present =
        database.read(
            h ->
                h.createQuery(
                        "SELECT camera FROM cameras c WHERE state = 'lost' AND NOT EXISTS (SELECT 1"
                            + " FROM camera_keys WHERE camera = c.camera AND revoked_us IS NOT NULL"
                            + " AND NOT EXISTS (SELECT 1 FROM camera_keys WHERE camera = c.camera"
                            + " AND revoked_us IS NULL))")
                    .mapTo(String.class)
                    .list());
    List<Incident> standing = incidents.standing();
    return present.stream()
        .filter(camera -> standing.stream().noneMatch(i -> i.has(camera, Incident.LOST)))
        .collect(Collectors.toSet());
  }

  /** Cameras that had a link, by name. */
  public List<KnownCamera> known() {
    return database.read(
        h ->
            h.createQuery(
                    "SELECT camera, key, software, source, last_heard_us, state FROM cameras"
                        + " ORDER BY camera")
                .map(
                    (rs, ctx) ->
                        new KnownCamera(
                            rs.getString(1),
                            rs.getString(2),
                            rs.getString(3),
                            rs.getString(4),
                            Micros.instant(rs.getLong(5)),
                            rs.getString(6)))
                .list());
  }

  /**
   * Notes that a camera is not heard, and was last heard at this moment.
   *
   * @param state why, {@code stopped} where it said that and hung up; in the list of what happened,
   *     one that was away already stays so since then, and for that reason
   */
  public void away(String camera, String state, Instant lastHeard) {
    database.change(
        h -> {
          h.createUpdate(
                  "INSERT INTO cameras (camera, key, software, source, last_heard_us, state)"
                      + " VALUES (:camera, '', '', '', :at, :state) ON CONFLICT (camera) DO UPDATE"
                      + " SET last_heard_us = excluded.last_heard_us, state = excluded.state")
              .bind("at", Micros.of(lastHeard))
              .bind("camera", camera)
              .bind("state", state)
              .execute();
          if (!CameraStatus.isAway(state) || state.equals(CameraStatus.REMOVED)) {
            return; // it said so itself; or people want to see no more of it than its footage
          }
          h.createUpdate(
                  "INSERT INTO losses (camera, start_us, how) SELECT :camera, :at, :how WHERE"
                      + " NOT EXISTS (SELECT 1 FROM losses WHERE camera = :camera AND end_us IS NULL)"
                      + " ON CONFLICT DO NOTHING")
              .bind("camera", camera)
              .bind("at", Micros.of(lastHeard))
              .bind("how", state)
              .execute();
          h.createUpdate(
                  "DELETE FROM losses WHERE camera = :camera AND start_us <= (SELECT start_us FROM"
                      + " losses WHERE camera = :camera ORDER BY start_us DESC LIMIT 1 OFFSET "
                      + MOST_LOSSES
                      + ")")
              .bind("camera", camera)
              .execute();
        });
  }

  /** Notes that a camera is back. */
  public void back(String camera, Instant at) {
    database.change(
        h ->
            h.createUpdate(
                    "UPDATE losses SET end_us = "
                        + Rows.notBefore("start_us")
                        + " WHERE camera = :camera AND end_us IS NULL")
                .bind("camera", camera)
                .bind("at", Micros.of(at))
                .execute());
  }

  /**
   * What happened, in order; at most {@link #MOST_EVENTS} of each kind, the latest, and no more
   * than fit into memory.
   *
   * @param camera to this camera only
   * @param from what lasted beyond this moment
   * @param to what began before this moment
   */
  public List<CameraEvent> events(
      Optional<String> camera, Optional<Instant> from, Optional<Instant> to) {
    List<CameraEvent> events = new ArrayList<>();
    events.addAll(select(MOTION, "start_us", "end_us", new Filter(camera, from, to)));
    events.addAll(
        select(
            "SELECT 'camera', camera, start_us, how, NULL, NULL FROM losses",
            "start_us",
            "start_us",
            new Filter(camera, from, to)));
    events.addAll(
        select(
            "SELECT 'camera', camera, end_us, 'back', NULL, NULL FROM losses",
            "end_us",
            "end_us",
            new Filter(camera, from, to)));
    events.addAll(heard.events(camera, from, to));
    events.addAll(faults.events(camera, from, to));
    events.sort(Comparator.comparing(CameraEvent::at).thenComparing(CameraEvent::camera));
    return events;
  }

  /** A span as the API shows it. */
  public static String json(EventSpan span) {
    var out = new StringWriter(128);
    try (JsonGenerator g = JsonFields.FACTORY.createGenerator(out)) {
      JsonFields.write(g, span);
    } catch (IOException e) {
      throw new UncheckedIOException("a string cannot fail", e);
    }
    return out.toString();
  }

  /** Which events are asked for. */
  record Filter(Optional<String> camera, Optional<Instant> from, Optional<Instant> to) {
    Query bind(Query query, int limit) {
      camera.ifPresent(c -> query.bind("camera", c));
      from.ifPresent(t -> query.bind("from", Micros.of(t)));
      to.ifPresent(t -> query.bind("to", Micros.of(t)));
      return query.bind("limit", limit);
    }

    Query bind(Query query, int limit, long longest) {
      from.ifPresent(t -> query.bind("longest", longest));
      return bind(query, limit);
    }
  }

  private List<CameraEvent> select(String select, String start, String end, Filter filter) {
    StringBuilder sql = new StringBuilder();
    sql.append(" WHERE ").append(start).append(" IS NOT NULL");
    filter.camera().ifPresent(c -> sql.append(" AND camera = :camera"));
    filter
        .from()
        .ifPresent(
            t ->
                sql.append(" AND ")
                    .append(end)
                    .append(" >= :from AND ")
                    .append(start)
                    .append(" >= :from - :longest"));
    filter.to().ifPresent(t -> sql.append(" AND ").append(start).append(" < :to"));
    sql.append(" ORDER BY ").append(start).append(" DESC LIMIT :limit");
    return database.read(
        h -> {
          long longest = start.equals(end) ? 0 : Rows.longest(h, "motion");
          int limit = MOST_EVENTS;
          if (select.equals(MOTION)) {
            Query sizes = filter.bind(h.createQuery(SIZES + sql), limit, longest);
            limit = Portion.of(sizes, limit, Portion.OF_EVENTS).rows();
          }
          return filter
              .bind(h.createQuery(select + sql), limit, longest)
              .map(
                  (rs, ctx) ->
                      new CameraEvent(
                          rs.getString(1),
                          rs.getString(2),
                          Micros.instant(rs.getLong(3)),
                          Optional.ofNullable(rs.getString(4)),
                          Optional.ofNullable(rs.getString(5)),
                          Optional.ofNullable(rs.getString(6)),
                          Optional.empty()))
              .list();
        });
  }
}
