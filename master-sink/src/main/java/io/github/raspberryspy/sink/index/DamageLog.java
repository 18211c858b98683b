package io.github.raspberryspy.sink.index;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.SegmentId;
import java.time.Instant;
import java.util.List;

/** What every file has to be, and which ones are it no longer. Thread-safe. */
public final class DamageLog {

  private final Database database;

  DamageLog(Database database) {
    this.database = database;
  }

  /** The next segments by id, beginning after this one; the empty text is before all. */
  public List<FileFact> after(String id, int limit) {
    return database.read(
        h ->
            h.createQuery(
                    "SELECT id, path, bytes, sha256 FROM segments WHERE id > :id"
                        + " ORDER BY id LIMIT :limit")
                .bind("id", id)
                .bind("limit", limit)
                .map(
                    (rs, ctx) ->
                        new FileFact(
                            SegmentId.parse(rs.getString(1)),
                            rs.getString(2),
                            new Content(rs.getLong(3), rs.getString(4))))
                .list());
  }

  /** Notes that a segment's file is damaged, if the segment is still there. */
  public void note(SegmentId id, String reason, Instant foundAt) {
    database.change(
        h ->
            h.createUpdate(
                    "INSERT INTO damage (segment, found_us, reason)"
                        + " SELECT id, :found, :reason FROM segments WHERE id = :id"
                        + " ON CONFLICT (segment) DO UPDATE SET reason = excluded.reason")
                .bind("id", id.toString())
                .bind("found", Micros.of(foundAt))
                .bind("reason", reason)
                .execute());
  }

  /** Notes that it is not, after all. */
  public void clear(SegmentId id) {
    database.change(
        h ->
            h.createUpdate("DELETE FROM damage WHERE segment = :id")
                .bind("id", id.toString())
                .execute());
  }

  /** How many are damaged. */
  public long count() {
    return database.read(h -> h.createQuery("SELECT count(*) FROM damage").mapTo(Long.class).one());
  }

  /** Whether a file belongs to a segment, to the trash or to what is being deleted. */
  public boolean isKnown(String path) {
    return database.read(
            h ->
                h.createQuery(
                        "SELECT (SELECT count(*) FROM segments WHERE path = :path)"
                            + " + (SELECT count(*) FROM trash WHERE path = :path)"
                            + " + (SELECT count(*) FROM garbage WHERE path = :path)")
                    .bind("path", path)
                    .mapTo(Long.class)
                    .one())
        > 0;
  }
}
