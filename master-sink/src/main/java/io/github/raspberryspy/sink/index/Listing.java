package io.github.raspberryspy.sink.index;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** What people look at. None of it passes over every row, however many there are. */
final class Listing {

  /** So many are counted at the most of what is asked for within a time. */
  static final int MOST_COUNTED = 10_000;

  private static final long DAY_US = 86_400_000_000L;

  private Listing() {}

  static SegmentPage page(Handle h, SegmentQuery query) {
    long longest = query.from().isPresent() ? Rows.longest(h, "segments") : 0;
    long total =
        query.isOfAllTime()
            ? Rows.bind(h.createQuery(tally(query)), query, longest).mapTo(Long.class).one()
            : Rows.bind(h.createQuery(count(query)), query, longest).mapTo(Long.class).one();
    Query select = Rows.bind(h.createQuery(select(query)), query, longest);
    query
        .after()
        .ifPresent(p -> select.bind("start", Micros.of(p.start())).bind("id", p.id().toString()));
    List<StoredSegment> found =
        Rows.segments(
                select
                    .bind("limit", query.limit() + 1) // whether one more is there
                    .bind("offset", (query.page() - 1L) * query.limit()))
            .list();
    boolean isLast = found.size() <= query.limit();
    List<StoredSegment> segments = isLast ? found : found.subList(0, query.limit());
    boolean isCountedOut = !query.isOfAllTime() && total > MOST_COUNTED;
    return new SegmentPage(
        segments,
        isCountedOut ? MOST_COUNTED : total,
        isCountedOut,
        isLast
            ? Optional.empty()
            : Optional.of(SegmentPosition.of(segments.get(segments.size() - 1))));
  }

  /** Days, in UTC, on which a segment starts, newest first. */
  static List<String> days(Handle h, Optional<String> camera) {
    // from one day to the one before it through the index
    String of = camera.isPresent() ? " AND camera = :camera" : "";
    String sql =
        "WITH RECURSIVE d(start) AS (SELECT max(start_us) FROM segments WHERE true"
            + of
            + " UNION ALL SELECT (SELECT max(start_us) FROM segments WHERE start_us <"
            + " d.start - (d.start % :day + :day) % :day"
            + of
            + ") FROM d WHERE d.start IS NOT NULL) SELECT start FROM d WHERE start IS NOT NULL";
    Query query = h.createQuery(sql).bind("day", DAY_US);
    camera.ifPresent(name -> query.bind("camera", name));
    return query.map((rs, ctx) -> Micros.instant(rs.getLong(1)).toString().substring(0, 10)).list();
  }

  private static String tally(SegmentQuery query) {
    return "SELECT coalesce(sum(s.segments), 0) FROM tallies s" + Rows.where(query);
  }

  private static String count(SegmentQuery query) {
    return "SELECT count(*) FROM (SELECT 1 FROM segments s"
        + Rows.where(query)
        + " LIMIT "
        + (MOST_COUNTED + 1)
        + ") counted";
  }

  private static String select(SegmentQuery query) {
    String order = query.ascending() ? "" : " DESC";
    String behind = query.ascending() ? ">" : "<";
    return "SELECT "
        + Rows.COLUMNS
        + " FROM segments s"
        + Rows.where(query)
        + (query.after().isPresent() ? " AND (s.start_us, s.id) " + behind + " (:start, :id)" : "")
        + " ORDER BY s.start_us"
        + order
        + ", s.id"
        + order
        + " LIMIT :limit OFFSET :offset";
  }
}
