package io.github.raspberryspy.sink.index;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.UnknownSpan;
import io.github.raspberryspy.sink.event.MasterEvent.MotionReported;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/**
 * What cameras said that moved, as long as no segment says it: of what is being filmed, or waits to
 * be sent. Thread-safe.
 */
public final class HeardLog {

  /** Most spans that are kept of a camera, the latest; with much motion, those of a day. */
  private static final int MOST_KEPT = 10_000;

  private final Database database;
  private final int mostKept;

  HeardLog(Database database) {
    this(database, MOST_KEPT);
  }

  HeardLog(Database database, int mostKept) {
    this.database = database;
    this.mostKept = mostKept;
  }

  /**
   * Notes motion in one step, but for what a segment covers already. What touches a span that is
   * there is the same motion, of which more is told.
   *
   * @param news in the order in which it was told
   */
  public void noted(List<MotionReported> news) {
    database.change(
        h -> {
          for (MotionReported motion : news) {
            note(h, motion.camera(), motion.span());
          }
          news.stream().map(MotionReported::camera).distinct().forEach(c -> forgetOldest(h, c));
        });
  }

  /**
   * The manifest with the motion that was heard of it, where it says that nobody can tell: its
   * recorder was cut off. What was listed of a shorter part of the same segment counts too.
   */
  public SegmentManifest completed(SegmentManifest m) {
    if (m.unknown().stream().allMatch(UnknownSpan::isOnPurpose)) {
      return m;
    }
    List<EventSpan> known =
        database.read(
            h -> {
              List<EventSpan> spans = new ArrayList<>(within(h, m));
              spans.addAll(listed(h, m.id().toString()));
              return spans;
            });
    known.sort(Comparator.comparing(EventSpan::start));
    return m.alsoMoving(known);
  }

  /** What was heard and is in no segment, latest first; {@link CameraLog#MOST_EVENTS} at most. */
  List<CameraEvent> events(Optional<String> camera, Optional<Instant> from, Optional<Instant> to) {
    StringBuilder sql = new StringBuilder(" FROM heard_motion WHERE true");
    camera.ifPresent(c -> sql.append(" AND camera = :camera"));
    from.ifPresent(t -> sql.append(" AND end_us >= :from"));
    to.ifPresent(t -> sql.append(" AND start_us < :to"));
    sql.append(" ORDER BY end_us DESC LIMIT :limit");
    CameraLog.Filter filter = new CameraLog.Filter(camera, from, to);
    int most = CameraLog.MOST_EVENTS;
    return database.read(
        h -> {
          Query sizes = filter.bind(h.createQuery("SELECT octet_length(span)" + sql), most);
          Portion portion = Portion.of(sizes, most, Portion.OF_NEWS);
          return filter
              .bind(h.createQuery("SELECT camera, start_us, span" + sql), portion.rows())
              .map(
                  (rs, ctx) ->
                      CameraEvent.heard(
                          rs.getString(1), Micros.instant(rs.getLong(2)), rs.getString(3)))
              .list();
        });
  }

  /** Forgets what segments say that are there now. */
  static void covered(Handle h, List<StoredSegment> segments) {
    PreparedBatch said =
        h.prepareBatch(
            "DELETE FROM heard_motion WHERE camera = :camera AND end_us >= :start"
                + " AND end_us <= :end");
    for (StoredSegment segment : segments) {
      SegmentManifest m = segment.manifest();
      said.bind("camera", m.id().camera())
          .bind("start", Micros.of(m.start()))
          .bind("end", Micros.of(m.end()))
          .add();
    }
    said.execute();
  }

  private static void note(Handle h, String camera, EventSpan span) {
    Optional<EventSpan> before = firstAfter(h, camera, span.start()).filter(span::touches);
    before.ifPresent(
        known ->
            h.createUpdate("DELETE FROM heard_motion WHERE camera = :camera AND end_us = :end")
                .bind("camera", camera)
                .bind("end", Micros.of(known.end()))
                .execute());
    EventSpan whole = before.map(known -> known.joined(span)).orElse(span);
    h.createUpdate(
            "INSERT INTO heard_motion (camera, end_us, start_us, span)"
                + " SELECT :camera, :end, :start, :span WHERE coalesce((SELECT s.end_us"
                + " FROM segments s WHERE s.camera = :camera AND s.start_us <= :end"
                + " ORDER BY s.start_us DESC, s.id DESC LIMIT 1), 0) < :end"
                + " ON CONFLICT DO NOTHING")
        .bind("camera", camera)
        .bind("end", Micros.of(whole.end()))
        .bind("start", Micros.of(whole.start()))
        .bind("span", Rows.plain(CameraLog.json(whole)))
        .execute();
  }

  private static Optional<EventSpan> firstAfter(Handle h, String camera, Instant start) {
    return spans(
            h.createQuery(
                    "SELECT span FROM heard_motion WHERE camera = :camera AND end_us >= :start"
                        + " ORDER BY end_us LIMIT 1")
                .bind("camera", camera)
                .bind("start", Micros.of(start)))
        .stream()
        .findFirst();
  }

  private static List<EventSpan> within(Handle h, SegmentManifest m) {
    return spans(
        h.createQuery(
                "SELECT span FROM heard_motion WHERE camera = :camera AND end_us >= :start"
                    + " AND start_us <= :end ORDER BY end_us")
            .bind("camera", m.id().camera())
            .bind("start", Micros.of(m.start()))
            .bind("end", Micros.of(m.end())));
  }

  private static List<EventSpan> listed(Handle h, String segment) {
    return spans(
        h.createQuery("SELECT span FROM motion WHERE segment = :segment ORDER BY number")
            .bind("segment", segment));
  }

  private static List<EventSpan> spans(Query query) {
    return query.map((rs, ctx) -> span(rs.getString(1))).list();
  }

  private static EventSpan span(String json) throws SQLException {
    try {
      return JsonFields.parse(json.getBytes(UTF_8), "motion", JsonFields::span);
    } catch (ManifestException e) {
      throw new SQLException("motion in the index is damaged: " + e.getMessage(), e);
    }
  }

  private void forgetOldest(Handle h, String camera) {
    h.createUpdate(
            "DELETE FROM heard_motion WHERE camera = :camera AND end_us <= (SELECT end_us FROM"
                + " heard_motion WHERE camera = :camera ORDER BY end_us DESC LIMIT 1 OFFSET "
                + mostKept
                + ")")
        .bind("camera", camera)
        .execute();
  }
}
