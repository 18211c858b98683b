package io.github.raspberryspy.sink.index;

import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterable;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * Which segments the master holds. A row exists only after the file is durable under its path, and
 * goes before the file does. Thread-safe; a change is durable when its method returns. Failures of
 * the database come as {@link org.jdbi.v3.core.JdbiException}.
 */
public final class SegmentIndex implements AutoCloseable {

  private static final int COMPLETE = 1;
  private static final String COLUMNS = "s.manifest, s.received_us, s.saved, s.path";

  private final Database database;
  private final CameraLog cameras;

  private SegmentIndex(Database database) {
    this.database = database;
    this.cameras = new CameraLog(database);
  }

  /**
   * Opens or creates the index in this file. A damaged one is put aside.
   *
   * @throws IOException if it cannot be opened
   */
  public static SegmentIndex open(Path file) throws IOException {
    return new SegmentIndex(Database.open(file));
  }

  /** Whether it holds all that the footage folder does; a new one does not yet. */
  public boolean isComplete() {
    return database.userVersion() == COMPLETE;
  }

  /** Says so. */
  public void markComplete() {
    database.userVersion(COMPLETE);
  }

  /** What is remembered of cameras. */
  public CameraLog cameras() {
    return cameras;
  }

  /** The segment with this id. */
  public Optional<StoredSegment> find(SegmentId id) {
    return database.read(
        h ->
            segments(
                    h.createQuery("SELECT " + COLUMNS + " FROM segments s WHERE s.id = :id")
                        .bind("id", id.toString()))
                .findOne());
  }

  /** The segment that this upload became. */
  public Optional<StoredSegment> findByUpload(String token) {
    return database.read(
        h ->
            segments(
                    h.createQuery(
                            "SELECT "
                                + COLUMNS
                                + " FROM uploads u JOIN segments s ON s.id = u.segment"
                                + " WHERE u.token = :token")
                        .bind("token", token))
                .findOne());
  }

  /** Adds segments with their motion, all or none; one that is there already stays as it is. */
  public void add(List<StoredSegment> segments) {
    database.change(h -> segments.forEach(segment -> insert(h, segment)));
  }

  /**
   * Adds a segment and remembers which upload it was, in one step.
   *
   * @throws IllegalStateException if its id or its path is taken
   */
  public void add(StoredSegment segment, String token) {
    database.change(
        h -> {
          if (!insert(h, segment)) {
            throw new IllegalStateException(
                "the index has " + segment.manifest().id() + " or its path already");
          }
          link(h, token, segment.manifest().id());
        });
  }

  /** Remembers one more upload of a segment. */
  public void linkUpload(String token, SegmentId id) {
    database.change(h -> link(h, token, id));
  }

  /** Sets or takes away the saved mark. */
  public void setSaved(SegmentId id, boolean saved) {
    database.change(
        h ->
            h.createUpdate("UPDATE segments SET saved = :saved WHERE id = :id")
                .bind("saved", saved ? 1 : 0)
                .bind("id", id.toString())
                .execute());
  }

  /** Takes a segment out whose file is not there any more. */
  public void remove(SegmentId id) {
    database.change(h -> delete(h, id));
  }

  /** Takes a segment out and remembers its file as garbage, in one step. */
  public void discard(StoredSegment segment) {
    database.change(
        h -> {
          SegmentId id = segment.manifest().id();
          h.createUpdate("INSERT OR IGNORE INTO garbage (path, segment) VALUES (:path, :id)")
              .bind("path", segment.path())
              .bind("id", id.toString())
              .execute();
          delete(h, id);
        });
  }

  /** Files whose deletion has begun and is not known to be over. */
  public List<Garbage> garbage() {
    return database.read(
        h ->
            h.createQuery("SELECT path, segment FROM garbage ORDER BY path")
                .map((rs, ctx) -> new Garbage(rs.getString(1), rs.getString(2)))
                .list());
  }

  /** Whether this path is garbage. */
  public boolean isGarbage(String path) {
    return database.read(
            h ->
                h.createQuery("SELECT count(*) FROM garbage WHERE path = :path")
                    .bind("path", path)
                    .mapTo(Long.class)
                    .one())
        > 0;
  }

  /** Forgets garbage whose file is gone. */
  public void forget(Garbage garbage) {
    database.change(
        h ->
            h.createUpdate("DELETE FROM garbage WHERE path = :path")
                .bind("path", garbage.path())
                .execute());
  }

  /** A page of the segments that are asked for. */
  public SegmentPage list(SegmentQuery query) {
    String where = where(query);
    String order =
        query.ascending()
            ? " ORDER BY s.start_us, s.camera, s.run, s.sequence"
            : " ORDER BY s.start_us DESC, s.camera DESC, s.run DESC, s.sequence DESC";
    return database.read(
        h -> {
          long total =
              bind(h.createQuery("SELECT count(*) FROM segments s" + where), query)
                  .mapTo(Long.class)
                  .one();
          Query page =
              h.createQuery(
                  "SELECT "
                      + COLUMNS
                      + " FROM segments s"
                      + where
                      + order
                      + " LIMIT :limit OFFSET :offset");
          bind(page, query)
              .bind("limit", query.limit())
              .bind("offset", (query.page() - 1L) * query.limit());
          return new SegmentPage(segments(page).list(), total);
        });
  }

  /** The segments that were received first among those that nobody saved. */
  public List<StoredSegment> oldestUnsaved(int limit) {
    return database.read(
        h ->
            segments(
                    h.createQuery(
                            "SELECT "
                                + COLUMNS
                                + " FROM segments s WHERE s.saved = 0"
                                + " ORDER BY s.received_us, s.start_us LIMIT :limit")
                        .bind("limit", limit))
                .list());
  }

  /** Days, in UTC, on which a segment starts, newest first. */
  public List<String> days(Optional<String> camera) {
    String where = camera.isPresent() ? " WHERE camera = :camera" : "";
    return database.read(
        h -> {
          Query query =
              h.createQuery("SELECT DISTINCT day FROM segments" + where + " ORDER BY day DESC");
          camera.ifPresent(name -> query.bind("camera", name));
          return query.mapTo(String.class).list();
        });
  }

  /** How much there is. */
  public StorageTotals totals() {
    return database.read(
        h ->
            h.createQuery(
                    "SELECT count(*), ifnull(sum(bytes), 0), ifnull(sum(saved), 0),"
                        + " ifnull(sum(bytes * saved), 0) FROM segments")
                .map(
                    (rs, ctx) ->
                        new StorageTotals(
                            rs.getLong(1), rs.getLong(2), rs.getLong(3), rs.getLong(4)))
                .one());
  }

  /** How much there is of each camera that has any, by name. */
  public List<CameraTotals> cameraTotals() {
    return database.read(
        h ->
            h.createQuery(
                    "SELECT camera, count(*), sum(bytes), (SELECT l.id FROM segments l"
                        + " WHERE l.camera = s.camera ORDER BY l.start_us DESC, l.run DESC,"
                        + " l.sequence DESC LIMIT 1) FROM segments s GROUP BY camera"
                        + " ORDER BY camera")
                .map(
                    (rs, ctx) ->
                        new CameraTotals(
                            rs.getString(1), rs.getLong(2), rs.getLong(3), rs.getString(4)))
                .list());
  }

  /** Folds the log in and closes the file. */
  @Override
  public void close() {
    database.close();
  }

  private static void delete(Handle h, SegmentId id) {
    h.createUpdate("DELETE FROM segments WHERE id = :id").bind("id", id.toString()).execute();
  }

  private static boolean insert(Handle h, StoredSegment segment) {
    SegmentManifest m = segment.manifest();
    int added =
        h.createUpdate(
                "INSERT INTO segments (id, camera, run, sequence, start_us, end_us, day, bytes,"
                    + " sha256, motion, saved, received_us, path, manifest) VALUES (:id, :camera,"
                    + " :run, :sequence, :start, :end, :day, :bytes, :sha256, :motion, :saved,"
                    + " :received, :path, :manifest) ON CONFLICT DO NOTHING")
            .bind("id", m.id().toString())
            .bind("camera", m.id().camera())
            .bind("run", m.id().run())
            .bind("sequence", m.id().sequence())
            .bind("start", Micros.of(m.start()))
            .bind("end", Micros.of(m.end()))
            .bind("day", m.name().day())
            .bind("bytes", m.content().bytes())
            .bind("sha256", m.content().sha256())
            .bind("motion", m.motion().size())
            .bind("saved", segment.saved() ? 1 : 0)
            .bind("received", Micros.of(segment.receivedAt()))
            .bind("path", segment.path())
            .bind("manifest", ManifestCodec.encode(m))
            .execute();
    for (int i = 0; added > 0 && i < m.motion().size(); i++) {
      insert(h, m.id(), i, m.motion().get(i));
    }
    return added > 0;
  }

  private static void insert(Handle h, SegmentId id, int number, EventSpan span) {
    h.createUpdate(
            "INSERT INTO motion (segment, number, camera, start_us, end_us, span)"
                + " VALUES (:segment, :number, :camera, :start, :end, :span)")
        .bind("segment", id.toString())
        .bind("number", number)
        .bind("camera", id.camera())
        .bind("start", Micros.of(span.start()))
        .bind("end", Micros.of(span.end()))
        .bind("span", CameraLog.json(span))
        .execute();
  }

  private static void link(Handle h, String token, SegmentId id) {
    h.createUpdate("INSERT OR IGNORE INTO uploads (token, segment) VALUES (:token, :id)")
        .bind("token", token)
        .bind("id", id.toString())
        .execute();
  }

  private static String where(SegmentQuery query) {
    StringBuilder where = new StringBuilder(" WHERE 1 = 1");
    query.camera().ifPresent(c -> where.append(" AND s.camera = :camera"));
    query.from().ifPresent(t -> where.append(" AND s.end_us > :from"));
    query.to().ifPresent(t -> where.append(" AND s.start_us < :to"));
    query.motion().ifPresent(m -> where.append(m ? " AND s.motion > 0" : " AND s.motion = 0"));
    query.saved().ifPresent(v -> where.append(" AND s.saved = ").append(v ? 1 : 0));
    return where.toString();
  }

  private static <S extends SqlStatement<S>> S bind(S statement, SegmentQuery query) {
    query.camera().ifPresent(camera -> statement.bind("camera", camera));
    query.from().ifPresent(t -> statement.bind("from", Micros.of(t)));
    query.to().ifPresent(t -> statement.bind("to", Micros.of(t)));
    return statement;
  }

  private static ResultIterable<StoredSegment> segments(Query query) {
    return query.map((rs, ctx) -> segment(rs));
  }

  private static StoredSegment segment(ResultSet rs) throws SQLException {
    try {
      return new StoredSegment(
          ManifestCodec.decode(rs.getBytes(1)),
          Micros.instant(rs.getLong(2)),
          rs.getInt(3) != 0,
          rs.getString(4));
    } catch (ManifestException e) {
      throw new SQLException("a manifest in the index is damaged: " + e.getMessage(), e);
    }
  }
}
