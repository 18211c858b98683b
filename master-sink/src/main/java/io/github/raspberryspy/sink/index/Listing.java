package io.github.raspberryspy.sink.index;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * What people look at. None of it passes over every row, however many there are, nor takes up more
 * memory than a {@link Portion}.
 */
final class Listing {

  /** So many are counted at the most of what is asked for within a time. */
  static final int MOST_COUNTED = 10_000;

  private static final long DAY_US = 86_400_000_000L;

  private Listing() {}

  static SegmentPage page(Handle h, SegmentQuery query) {
    long longest = query.from().isPresent() ? Rows.longest(h, "segments") : 0;
    long total =
        query.isTallied()
            ? Rows.bind(h.createQuery(tally(query)), query, longest).mapTo(Long.class).one()
            : Rows.bind(h.createQuery(count(query)), query, longest).mapTo(Long.class).one();
    int more = query.limit() + 1; // whether one more is there
    Portion portion =
        Portion.of(
            select(h, "length(s.manifest)", query, longest, more),
            query.limit(),
            Portion.OF_SEGMENTS);
    List<StoredSegment> segments =
        Rows.segments(select(h, Rows.COLUMNS, query, longest, portion.rows())).list();
    boolean isLast = !portion.isLess() || segments.isEmpty();
    boolean isCountedOut = !query.isTallied() && total > MOST_COUNTED;
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
    return "SELECT coalesce(sum(s.segments), 0) FROM tallies s" + Rows.where(query, "s");
  }

  private static String count(SegmentQuery query) {
    return "SELECT count(*) FROM (SELECT 1"
        + from(query)
        + " LIMIT "
        + (MOST_COUNTED + 1)
        + ") counted";
  }

  /** By zone, its own table leads, and each of its rows finds its segment; CROSS keeps it so. */
  private static String from(SegmentQuery query) {
    return (query.zone().isPresent()
            ? " FROM segment_zones z CROSS JOIN segments s"
            : " FROM segments s")
        + Rows.where(query, by(query));
  }

  private static String by(SegmentQuery query) {
    return query.zone().isPresent() ? "z" : "s";
  }

  private static Query select(
      Handle h, String columns, SegmentQuery query, long longest, int limit) {
    Query select = Rows.bind(h.createQuery(select(columns, query)), query, longest);
    query
        .after()
        .ifPresent(p -> select.bind("start", Micros.of(p.start())).bind("id", p.id().toString()));
    return select.bind("limit", limit).bind("offset", (query.page() - 1L) * query.limit());
  }

  private static String select(String columns, SegmentQuery query) {
    String order = query.ascending() ? "" : " DESC";
    String behind = query.ascending() ? ">" : "<";
    String by = by(query);
    return "SELECT "
        + columns
        + from(query)
        + (query.after().isPresent()
            ? " AND (" + by + ".start_us, " + by + ".id) " + behind + " (:start, :id)"
            : "")
        + " ORDER BY "
        + by
        + ".start_us"
        + order
        + ", "
        + by
        + ".id"
        + order
        + " LIMIT :limit OFFSET :offset";
  }
}
