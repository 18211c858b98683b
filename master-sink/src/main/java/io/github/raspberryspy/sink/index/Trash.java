package io.github.raspberryspy.sink.index;

import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The deleted segments that can still be had back. No listing of segments has them. Thread-safe.
 */
public final class Trash {

  static final String SELECT = "SELECT manifest, received_us, path, deleted_us FROM trash ";

  private final Database database;

  Trash(Database database) {
    this.database = database;
  }

  /** Takes a segment from those that are there, in one step. */
  public void add(TrashedSegment trashed) {
    StoredSegment segment = trashed.segment();
    database.change(
        h -> {
          Rows.delete(h, segment.manifest().id());
          h.createUpdate(
                  "INSERT INTO trash (id, bytes, received_us, deleted_us, path, manifest) VALUES"
                      + " (:id, :bytes, :received, :deleted, :path, :manifest)"
                      + " ON CONFLICT (id) DO NOTHING")
              .bind("id", segment.manifest().id().toString())
              .bind("bytes", segment.manifest().content().bytes())
              .bind("received", Micros.of(segment.receivedAt()))
              .bind("deleted", Micros.of(trashed.deletedAt()))
              .bind("path", segment.path())
              .bind("manifest", ManifestCodec.encode(segment.manifest()))
              .execute();
        });
  }

  /**
   * Puts a segment back among those that are there, in one step.
   *
   * @throws IllegalStateException if its id or its path is taken: it stays where it is
   */
  public void restore(TrashedSegment trashed) {
    database.change(h -> Rows.add(h, trashed.segment()));
  }

  /** Takes it out for good and remembers its file as garbage, in one step. */
  public void discard(TrashedSegment trashed) {
    database.change(
        h -> {
          Rows.garbage(h, trashed.segment());
          forget(h, trashed.segment().manifest().id());
        });
  }

  /** The one with this id. */
  public Optional<TrashedSegment> find(SegmentId id) {
    return database.read(
        h ->
            h.createQuery(SELECT + "WHERE id = :id")
                .bind("id", id.toString())
                .map((rs, ctx) -> trashed(rs))
                .findOne());
  }

  /**
   * What is known of a deleted segment without its manifest: a few hundred of those may be large.
   *
   * @param id which segment
   * @param path of the video below the footage folder
   * @param deletedAt when, by the master's clock
   */
  public record Entry(SegmentId id, String path, Instant deletedAt) {}

  /** The first that were deleted. */
  public List<Entry> oldest(int limit) {
    return list(" ORDER BY deleted_us, id LIMIT :limit", limit);
  }

  /** The last that were deleted. */
  public List<Entry> newest(int limit) {
    return list(" ORDER BY deleted_us DESC, id DESC LIMIT :limit", limit);
  }

  private List<Entry> list(String order, int limit) {
    return database.read(
        h ->
            h.createQuery("SELECT id, path, deleted_us FROM trash" + order)
                .bind("limit", limit)
                .map(
                    (rs, ctx) ->
                        new Entry(
                            SegmentId.parse(rs.getString(1)),
                            rs.getString(2),
                            Micros.instant(rs.getLong(3))))
                .list());
  }

  /** Their size. */
  public long bytes() {
    return database.read(
        h -> h.createQuery("SELECT coalesce(sum(bytes), 0) FROM trash").mapTo(Long.class).one());
  }

  static void forget(Handle h, SegmentId id) {
    h.createUpdate("DELETE FROM trash WHERE id = :id").bind("id", id.toString()).execute();
  }

  static TrashedSegment trashed(ResultSet rs) throws SQLException {
    return new TrashedSegment(
        new StoredSegment(
            Rows.manifest(rs.getBytes(1)), Micros.instant(rs.getLong(2)), false, rs.getString(3)),
        Micros.instant(rs.getLong(4)));
  }
}
