package io.github.raspberryspy.sink.index;

import io.github.raspberryspy.segments.SegmentId;
import java.util.List;

/** Files whose deletion has begun and is not known to be over. Thread-safe. */
public final class GarbageLog {

  private final Database database;

  GarbageLog(Database database) {
    this.database = database;
  }

  /** All of them. */
  public List<Garbage> all() {
    return database.read(
        h ->
            h.createQuery("SELECT path, segment FROM garbage ORDER BY path")
                .map((rs, ctx) -> new Garbage(rs.getString(1), rs.getString(2)))
                .list());
  }

  /** Those that were of this segment. */
  public List<Garbage> of(SegmentId id) {
    return database.read(
        h ->
            h.createQuery("SELECT path, segment FROM garbage WHERE segment = :id ORDER BY path")
                .bind("id", id.toString())
                .map((rs, ctx) -> new Garbage(rs.getString(1), rs.getString(2)))
                .list());
  }

  /** Whether this path is garbage. */
  public boolean has(String path) {
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
}
