package io.github.raspberryspy.sink.index;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterable;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;

/** Rows of the index and what they stand for. */
final class Rows {

  /** What {@link #segments} reads, of a table that is called {@code s}. */
  static final String COLUMNS =
      "s.manifest, s.received_us, s.saved, s.path,"
          + " (SELECT d.reason FROM damage d WHERE d.segment = s.id), s.note";

  private static final String INSERT =
      "INSERT INTO segments (id, camera, run, sequence, start_us, end_us, day, bytes, sha256, motion,"
          + " saved, received_us, path, manifest, note) VALUES (:id, :camera, :run, :sequence,"
          + " :start, :end, :day, :bytes, :sha256, :motion, :saved, :received, :path, :manifest,"
          + " :note)"
          + " ON CONFLICT DO NOTHING";

  /** Neither with motion nor without: nobody can tell, or was to look. */
  private static final int UNKNOWN = -1;

  private Rows() {}

  /** The moment {@code :at}, or what a column says where that is later. */
  static String notBefore(String column) {
    return "CASE WHEN " + column + " > :at THEN " + column + " ELSE :at END";
  }

  /**
   * A text of a camera as every database takes it: PostgreSQL refuses the character 0, and half a
   * surrogate pair is no text in UTF-8.
   */
  static String plain(String text) {
    return new String(text.getBytes(UTF_8), UTF_8).replace("\0", "");
  }

  static void delete(Handle h, SegmentId id) {
    h.createUpdate("DELETE FROM segments WHERE id = :id").bind("id", id.toString()).execute();
  }

  /** From a row to garbage. */
  static void discard(Handle h, StoredSegment segment) {
    garbage(h, segment);
    delete(h, segment.manifest().id());
  }

  /** Remembers a segment's file as garbage. */
  static void garbage(Handle h, StoredSegment segment) {
    h.createUpdate("INSERT INTO garbage (path, segment) VALUES (:path, :id) ON CONFLICT DO NOTHING")
        .bind("path", segment.path())
        .bind("id", segment.manifest().id().toString())
        .execute();
  }

  /**
   * Inserts a segment.
   *
   * @throws IllegalStateException if its id or its path is taken
   */
  static void add(Handle h, StoredSegment segment) {
    if (!insert(h, segment)) {
      throw new IllegalStateException(
          "the index has " + segment.manifest().id() + " or its path already");
    }
  }

  /** Inserts a segment unless its id or its path is taken. Returns whether it did. */
  static boolean insert(Handle h, StoredSegment segment) {
    return insertAll(h, List.of(segment)) > 0;
  }

  /** Inserts each whose id and path are free. Returns how many were. */
  static int insertAll(Handle h, List<StoredSegment> segments) {
    if (segments.isEmpty()) {
      return 0;
    }
    PreparedBatch deleted = h.prepareBatch("DELETE FROM trash WHERE id = :id");
    PreparedBatch rows = h.prepareBatch(INSERT);
    for (StoredSegment segment : segments) {
      SegmentManifest m = segment.manifest();
      deleted.bind("id", m.id().toString()).add(); // what comes back is not deleted any more
      rows.bind("id", m.id().toString())
          .bind("camera", m.id().camera())
          .bind("run", m.id().run())
          .bind("sequence", m.id().sequence())
          .bind("start", Micros.of(m.start()))
          .bind("end", Micros.of(m.end()))
          .bind("day", m.name().day())
          .bind("bytes", m.content().bytes())
          .bind("sha256", m.content().sha256())
          .bind("motion", motion(m))
          .bind("saved", segment.saved() ? 1 : 0)
          .bind("received", Micros.of(segment.receivedAt()))
          .bind("path", segment.path())
          .bind("manifest", ManifestCodec.encode(m))
          .bind("note", plain(segment.note()))
          .add();
    }
    deleted.execute();
    HeardLog.covered(h, segments);
    int[] added = rows.execute();
    PreparedBatch spans =
        h.prepareBatch(
            "INSERT INTO motion (segment, number, camera, start_us, end_us, span)"
                + " VALUES (:segment, :number, :camera, :start, :end, :span)");
    PreparedBatch zones =
        h.prepareBatch(
            "INSERT INTO segment_zones (id, zone, camera, start_us, end_us)"
                + " VALUES (:id, :zone, :camera, :start, :end)");
    for (int i = 0; i < added.length; i++) {
      if (added[i] > 0) {
        addSpans(spans, segments.get(i).manifest());
        addZones(zones, segments.get(i).manifest());
      }
    }
    for (PreparedBatch batch : List.of(spans, zones)) {
      if (batch.size() > 0) {
        batch.execute();
      }
    }
    return Arrays.stream(added).sum();
  }

  private static void addSpans(PreparedBatch spans, SegmentManifest m) {
    for (int i = 0; i < m.motion().size(); i++) {
      EventSpan span = m.motion().get(i);
      spans
          .bind("segment", m.id().toString())
          .bind("number", i)
          .bind("camera", m.id().camera())
          .bind("start", Micros.of(span.start()))
          .bind("end", Micros.of(span.end()))
          .bind("span", CameraLog.json(span))
          .add();
    }
  }

  private static void addZones(PreparedBatch zones, SegmentManifest m) {
    m.motion().stream()
        .flatMap(span -> span.zones().stream())
        .map(Rows::plain)
        .distinct()
        .forEach(
            zone ->
                zones
                    .bind("id", m.id().toString())
                    .bind("zone", zone)
                    .bind("camera", m.id().camera())
                    .bind("start", Micros.of(m.start()))
                    .bind("end", Micros.of(m.end()))
                    .add());
  }

  private static int motion(SegmentManifest m) {
    return m.motion().isEmpty() && !m.isMotionKnown() ? UNKNOWN : m.motion().size();
  }

  static void link(Handle h, String token, SegmentId id) {
    h.createUpdate(
            "INSERT INTO uploads (token, segment) VALUES (:token, :id) ON CONFLICT DO NOTHING")
        .bind("token", token)
        .bind("id", id.toString())
        .execute();
  }

  /**
   * What a listing asks of a row of segments, or of a tally.
   *
   * @param by alias of the table whose index is gone by
   */
  static String where(SegmentQuery query, String by) {
    StringBuilder where = new StringBuilder(" WHERE true");
    query.zone().ifPresent(z -> where.append(" AND s.id = z.id AND z.zone = :zone"));
    query.camera().ifPresent(c -> where.append(" AND " + by + ".camera = :camera"));
    query
        .from()
        .ifPresent(
            t ->
                where.append(
                    " AND " + by + ".end_us > :from AND " + by + ".start_us >= :from - :longest"));
    query.to().ifPresent(t -> where.append(" AND " + by + ".start_us < :to"));
    query.motion().ifPresent(m -> where.append(" AND s.motion ").append(condition(m)));
    query.saved().ifPresent(v -> where.append(" AND s.saved = ").append(v ? 1 : 0));
    return where.toString();
  }

  private static String condition(SegmentQuery.Motion motion) {
    return switch (motion) {
      case SOME -> "> 0";
      case NONE -> "= 0";
      case UNKNOWN -> "< 0";
    };
  }

  static <S extends SqlStatement<S>> S bind(S statement, SegmentQuery query, long longest) {
    query.camera().ifPresent(camera -> statement.bind("camera", camera));
    query.zone().ifPresent(zone -> statement.bind("zone", zone));
    query.from().ifPresent(t -> statement.bind("from", Micros.of(t)).bind("longest", longest));
    query.to().ifPresent(t -> statement.bind("to", Micros.of(t)));
    return statement;
  }

  /** Length of the longest interval in a table, microseconds. */
  static long longest(Handle h, String table) {
    return h.createQuery(
            "SELECT end_us - start_us FROM " + table + " ORDER BY end_us - start_us DESC LIMIT 1")
        .mapTo(Long.class)
        .findOne()
        .orElse(0L);
  }

  static ResultIterable<StoredSegment> segments(Query query) {
    return query.map((rs, ctx) -> segment(rs));
  }

  static StoredSegment segment(ResultSet rs) throws SQLException {
    return new StoredSegment(
        manifest(rs.getBytes(1)),
        Micros.instant(rs.getLong(2)),
        rs.getInt(3) != 0,
        rs.getString(4),
        Optional.ofNullable(rs.getString(5)),
        rs.getString(6));
  }

  static SegmentManifest manifest(byte[] encoded) throws SQLException {
    try {
      return ManifestCodec.decode(encoded);
    } catch (ManifestException e) {
      throw new SQLException("a manifest in the index is damaged: " + e.getMessage(), e);
    }
  }
}
