package io.github.raspberryspy.sink.index;

import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.sink.event.Incident;
import io.github.raspberryspy.sink.event.IncidentCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the index remembers of incidents: the latest 10,000. Thread-safe. */
public final class IncidentLog {

  /** Most incidents in an answer, the latest. */
  public static final int MOST_LISTED = 1000;

  private static final int MOST_KEPT = 10_000;
  private static final Logger log = LoggerFactory.getLogger(IncidentLog.class);

  private final Database database;

  IncidentLog(Database database) {
    this.database = database;
  }

  /** Notes an incident, in place of what was noted of it before. */
  public void noted(Incident incident) {
    database.change(
        h -> {
          h.createUpdate(
                  "INSERT INTO incidents (id, start_us, end_us, detail)"
                      + " VALUES (:id, :start, :end, :detail) ON CONFLICT (id) DO UPDATE SET"
                      + " end_us = excluded.end_us, detail = excluded.detail")
              .bind("id", incident.id())
              .bind("start", Micros.of(incident.start()))
              .bind("end", incident.end().map(Micros::of).orElse(null))
              .bind("detail", Rows.plain(IncidentCodec.encode(incident)))
              .execute();
          h.createUpdate(
                  "DELETE FROM incidents WHERE start_us <= (SELECT start_us FROM incidents"
                      + " ORDER BY start_us DESC LIMIT 1 OFFSET "
                      + MOST_KEPT
                      + ")")
              .execute();
        });
  }

  /**
   * Incidents that lasted within an interval, latest first; {@link #MOST_LISTED} at the most.
   *
   * @param from what lasted beyond this moment
   * @param to what began before this moment
   */
  public List<Incident> incidents(Optional<Instant> from, Optional<Instant> to) {
    StringBuilder sql = new StringBuilder("SELECT detail FROM incidents WHERE 1 = 1");
    from.ifPresent(t -> sql.append(" AND (end_us IS NULL OR end_us >= :from)"));
    to.ifPresent(t -> sql.append(" AND start_us < :to"));
    return select(sql, from, to);
  }

  /** Those that still last, latest first. */
  public List<Incident> standing() {
    return select(
        new StringBuilder("SELECT detail FROM incidents WHERE end_us IS NULL"),
        Optional.empty(),
        Optional.empty());
  }

  private List<Incident> select(StringBuilder sql, Optional<Instant> from, Optional<Instant> to) {
    sql.append(" ORDER BY start_us DESC LIMIT ").append(MOST_LISTED);
    List<String> details =
        database.read(
            h -> {
              Query query = h.createQuery(sql.toString());
              from.ifPresent(t -> query.bind("from", Micros.of(t)));
              to.ifPresent(t -> query.bind("to", Micros.of(t)));
              return query.mapTo(String.class).list();
            });
    List<Incident> incidents = new ArrayList<>();
    for (String detail : details) {
      try {
        incidents.add(IncidentCodec.decode(detail));
      } catch (ManifestException e) {
        log.warn("an incident in the index cannot be read: {}", e.getMessage());
      }
    }
    return incidents;
  }
}
