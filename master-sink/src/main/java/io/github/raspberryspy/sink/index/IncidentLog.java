package io.github.raspberryspy.sink.index;

import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.sink.event.Incident;
import io.github.raspberryspy.sink.event.IncidentCodec;
import java.time.Duration;
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

  /** What becomes of an incident within this time is told with it. */
  public static final Duration MOMENT = Duration.ofMillis(900);

  private static final int MOST_UNTOLD = 50;
  private static final int MOST_KEPT = 10_000;
  private static final Logger log = LoggerFactory.getLogger(IncidentLog.class);

  private final Database database;

  IncidentLog(Database database) {
    this.database = database;
  }

  /**
   * Notes an incident, in place of what was noted of it before. That it is to be told lasts until
   * {@link #told}, whichever process does so.
   */
  public void noted(Incident incident, Instant now) {
    database.change(
        h -> {
          h.createUpdate(
                  "INSERT INTO incidents (id, start_us, end_us, detail, untold_us)"
                      + " VALUES (:id, :start, :end, :detail, :due) ON CONFLICT (id) DO UPDATE SET"
                      + " end_us = excluded.end_us, detail = excluded.detail,"
                      + " untold_us = COALESCE(incidents.untold_us, excluded.untold_us)")
              .bind("id", incident.id())
              .bind("start", Micros.of(incident.start()))
              .bind("end", incident.end().map(Micros::of).orElse(null))
              .bind("detail", detail(incident))
              .bind("due", Micros.of(now.plus(MOMENT)))
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
   * Incidents that lasted within an interval, latest first; {@link #MOST_LISTED} at the most, and
   * no more than fit into memory.
   *
   * @param from what lasted beyond this moment
   * @param to what began before this moment
   */
  public List<Incident> incidents(Optional<Instant> from, Optional<Instant> to) {
    StringBuilder sql = new StringBuilder(" WHERE 1 = 1");
    from.ifPresent(t -> sql.append(" AND (end_us IS NULL OR end_us >= :from)"));
    to.ifPresent(t -> sql.append(" AND start_us < :to"));
    return select(sql, from, to);
  }

  /**
   * Those that changed since people were told of them, {@link #MOMENT} after they did first,
   * earliest first, {@value #MOST_UNTOLD} at the most; and what a clock that was wrong has put off.
   */
  public List<Incident> untold(Instant now) {
    List<String> details =
        database.read(
            h ->
                h.createQuery(
                        "SELECT detail FROM incidents WHERE untold_us IS NOT NULL AND (untold_us <="
                            + " :now OR untold_us > :horizon) ORDER BY untold_us LIMIT "
                            + MOST_UNTOLD)
                    .bind("now", Micros.of(now))
                    .bind("horizon", Micros.of(now.plus(MOMENT.multipliedBy(2))))
                    .mapTo(String.class)
                    .list());
    List<Incident> incidents = decoded(details);
    if (incidents.isEmpty() && !details.isEmpty()) { // else they would be all that is ever found
      details.forEach(this::told);
    }
    return incidents;
  }

  /** Whether it is noted as it is here. */
  public boolean isNoted(Incident incident) {
    return database.read(
            h ->
                h.createQuery("SELECT count(*) FROM incidents WHERE id = :id AND detail = :detail")
                    .bind("id", incident.id())
                    .bind("detail", detail(incident))
                    .mapTo(Long.class)
                    .one())
        > 0;
  }

  /** People were told of it as it is here. */
  public void told(Incident incident) {
    told(detail(incident));
  }

  private void told(String detail) {
    database.change(
        h ->
            h.createUpdate(
                    "UPDATE incidents SET untold_us = NULL WHERE untold_us IS NOT NULL AND detail ="
                        + " :detail")
                .bind("detail", detail)
                .execute());
  }

  private static String detail(Incident incident) {
    return Rows.plain(IncidentCodec.encode(incident));
  }

  /** Those that still last, latest first. */
  public List<Incident> standing() {
    return select(new StringBuilder(" WHERE end_us IS NULL"), Optional.empty(), Optional.empty());
  }

  private List<Incident> select(StringBuilder sql, Optional<Instant> from, Optional<Instant> to) {
    sql.insert(0, " FROM incidents").append(" ORDER BY start_us DESC LIMIT :limit");
    return decoded(
        database.read(
            h -> {
              Query sizes = bind(h.createQuery("SELECT octet_length(detail)" + sql), from, to);
              Portion portion =
                  Portion.of(sizes.bind("limit", MOST_LISTED), MOST_LISTED, Portion.OF_EVENTS);
              return bind(h.createQuery("SELECT detail" + sql), from, to)
                  .bind("limit", portion.rows())
                  .mapTo(String.class)
                  .list();
            }));
  }

  private static List<Incident> decoded(List<String> details) {
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

  private static Query bind(Query query, Optional<Instant> from, Optional<Instant> to) {
    from.ifPresent(t -> query.bind("from", Micros.of(t)));
    to.ifPresent(t -> query.bind("to", Micros.of(t)));
    return query;
  }
}
