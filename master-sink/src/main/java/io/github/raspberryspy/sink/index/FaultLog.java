package io.github.raspberryspy.sink.index;

import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * What the index remembers of what was wrong with cameras. A camera says what is wrong each time it
 * connects, so what it does not repeat is over. Thread-safe.
 */
public final class FaultLog {

  /** Most faults that are kept of a camera, the latest; with many, years. */
  private static final int MOST_KEPT = 10_000;

  /** What lasts until then is not over. */
  private static final Instant NOT_YET = Instant.parse("9999-01-01T00:00:00Z");

  private static final int LONGEST = 500;

  private final Database database;
  private final int mostKept;

  FaultLog(Database database) {
    this(database, MOST_KEPT);
  }

  FaultLog(Database database, int mostKept) {
    this.database = database;
    this.mostKept = mostKept;
  }

  /**
   * Notes that something is wrong, or is so no longer.
   *
   * @param now by the master's clock
   */
  public void noted(String camera, Fault fault, Instant now) {
    Instant at = CameraClock.knows(fault.at(), now) ? fault.at() : now;
    String kind = cut(fault.kind());
    database.change(
        h -> {
          if (fault.ended()) {
            end(h, " AND kind = :kind", camera, kind, at);
          } else {
            begin(h, camera, kind, at, fault);
            forgetOldest(h, camera);
          }
        });
  }

  /** Notes that nothing is wrong any more, as far as the camera says. */
  public void over(String camera, Instant at) {
    database.change(h -> end(h, "", camera, "", at));
  }

  /** What is wrong now, latest first. */
  public List<CameraEvent> standing() {
    return events(Optional.empty(), Optional.of(NOT_YET), Optional.empty());
  }

  /** What was wrong, latest first; as much of it as {@link CameraLog#events} tells. */
  List<CameraEvent> events(Optional<String> camera, Optional<Instant> from, Optional<Instant> to) {
    StringBuilder sql = new StringBuilder(" FROM faults WHERE 1 = 1");
    camera.ifPresent(c -> sql.append(" AND camera = :camera"));
    from.ifPresent(t -> sql.append(" AND (end_us IS NULL OR end_us >= :from)"));
    to.ifPresent(t -> sql.append(" AND start_us < :to"));
    sql.append(" ORDER BY start_us DESC LIMIT :limit");
    CameraLog.Filter filter = new CameraLog.Filter(camera, from, to);
    int most = CameraLog.MOST_EVENTS;
    return database.read(
        h -> {
          Query sizes = h.createQuery("SELECT octet_length(kind) + octet_length(sentence)" + sql);
          Portion portion = Portion.of(filter.bind(sizes, most), most, Portion.OF_NEWS);
          return filter
              .bind(
                  h.createQuery("SELECT camera, start_us, kind, end_us, alert, sentence" + sql),
                  portion.rows())
              .map(
                  (rs, ctx) -> {
                    long endUs = rs.getLong(4);
                    Optional<Instant> end =
                        rs.wasNull() ? Optional.empty() : Optional.of(Micros.instant(endUs));
                    FaultSpan span =
                        new FaultSpan(rs.getString(3), end, rs.getInt(5) != 0, rs.getString(6));
                    return CameraEvent.fault(rs.getString(1), Micros.instant(rs.getLong(2)), span);
                  })
              .list();
        });
  }

  /** What is told again after a broken link goes on. */
  private static void begin(Handle h, String camera, String kind, Instant at, Fault fault) {
    h.createUpdate(
            "INSERT INTO faults (camera, kind, start_us, alert, sentence)"
                + " SELECT :camera, :kind, :at, :alert, :sentence WHERE NOT EXISTS (SELECT 1 FROM"
                + " faults WHERE camera = :camera AND kind = :kind AND end_us IS NULL)"
                + " ON CONFLICT (camera, kind, start_us) DO UPDATE SET end_us = NULL")
        .bind("camera", camera)
        .bind("kind", kind)
        .bind("at", Micros.of(at))
        .bind("alert", fault.alert() ? 1 : 0)
        .bind("sentence", cut(fault.sentence()))
        .execute();
  }

  private static void end(Handle h, String which, String camera, String kind, Instant at) {
    var update =
        h.createUpdate(
                "UPDATE faults SET end_us = "
                    + Rows.notBefore("start_us")
                    + " WHERE camera = :camera AND end_us IS NULL"
                    + which)
            .bind("camera", camera)
            .bind("at", Micros.of(at));
    if (!which.isEmpty()) {
      update.bind("kind", kind);
    }
    update.execute();
  }

  private void forgetOldest(Handle h, String camera) {
    h.createUpdate(
            "DELETE FROM faults WHERE camera = :camera AND start_us <= (SELECT start_us FROM faults"
                + " WHERE camera = :camera ORDER BY start_us DESC LIMIT 1 OFFSET "
                + mostKept
                + ")")
        .bind("camera", camera)
        .execute();
  }

  private static String cut(String text) {
    return Rows.plain(text.length() <= LONGEST ? text : text.substring(0, LONGEST));
  }
}
