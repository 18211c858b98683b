package io.github.raspberryspy.sink.index;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.SegmentId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

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
                    "SELECT id, path, bytes, sha256, received_us FROM segments WHERE id > :id"
                        + " ORDER BY id LIMIT :limit")
                .bind("id", id)
                .bind("limit", limit)
                .map(
                    (rs, ctx) ->
                        new FileFact(
                            SegmentId.parse(rs.getString(1)),
                            rs.getString(2),
                            new Content(rs.getLong(3), rs.getString(4)),
                            Micros.instant(rs.getLong(5))))
                .list());
  }

  /**
   * Notes that a file is damaged, if it is still that segment's. Returns whether it is and was not
   * noted before.
   */
  public boolean note(FileFact file, String reason, Instant foundAt) {
    return database.write(
        h ->
            h.createUpdate(
                        "INSERT INTO damage (segment, found_us, reason) SELECT id, :found, :reason"
                            + " FROM segments WHERE id = :id AND path = :path"
                            + " AND sha256 = :sha256 AND received_us = :received"
                            + " ON CONFLICT (segment) DO UPDATE SET reason = excluded.reason"
                            + " WHERE damage.reason <> excluded.reason")
                    .bind("id", file.id().toString())
                    .bind("path", file.path())
                    .bind("sha256", file.content().sha256())
                    .bind("received", Micros.of(file.receivedAt()))
                    .bind("found", Micros.of(foundAt))
                    .bind("reason", reason)
                    .execute()
                > 0);
  }

  /** Notes that it is not, after all. Returns whether it was noted. */
  public boolean clear(SegmentId id) {
    return database.write(
        h ->
            h.createUpdate("DELETE FROM damage WHERE segment = :id")
                    .bind("id", id.toString())
                    .execute()
                > 0);
  }

  /** What was found wrong with a segment's file. */
  public Optional<String> of(SegmentId id) {
    return database.read(
        h ->
            h.createQuery("SELECT reason FROM damage WHERE segment = :id")
                .bind("id", id.toString())
                .mapTo(String.class)
                .findOne());
  }

  /** The damaged segments, what was filmed last first. */
  public List<SegmentId> newest(int limit) {
    return database.read(
        h ->
            h.createQuery(
                    // CROSS: from the few that are damaged to their segments, and not through all
                    "SELECT s.id FROM damage d CROSS JOIN segments s WHERE s.id = d.segment"
                        + " ORDER BY s.start_us DESC, s.id DESC LIMIT :limit")
                .bind("limit", limit)
                .map((rs, ctx) -> SegmentId.parse(rs.getString(1)))
                .list());
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
