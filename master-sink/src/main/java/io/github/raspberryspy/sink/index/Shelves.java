package io.github.raspberryspy.sink.index;

import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How far back footage goes, and how fast it comes. Thread-safe. */
public final class Shelves {

  private final Database database;

  Shelves(Database database) {
    this.database = database;
  }

  /** Each camera that has footage, by name. */
  public List<Shelf> all() {
    return database.read(
        h ->
            h.createQuery(
                    "SELECT camera, segments, bytes, saved, saved_bytes, (SELECT min(s.start_us)"
                        + " FROM segments s WHERE s.camera = t.camera) FROM totals t"
                        + " WHERE segments > 0 ORDER BY camera")
                .map(
                    (rs, ctx) ->
                        new Shelf(
                            rs.getString(1),
                            rs.getLong(2),
                            rs.getLong(3),
                            rs.getLong(4),
                            rs.getLong(5),
                            Micros.instant(rs.getLong(6))))
                .list());
  }

  /** What was received since then, of each camera of which something was. */
  public List<Inflow> since(Instant moment) {
    return Stream.of("= 0", "<> 0")
        .flatMap(motion -> since(moment, motion).stream())
        .collect(Collectors.toMap(Inflow::camera, flow -> flow, Shelves::together, TreeMap::new))
        .values()
        .stream()
        .toList();
  }

  /** Each half has an index of its own. */
  private List<Inflow> since(Instant moment, String motion) {
    return database.read(
        h ->
            h.createQuery(
                    "SELECT camera, sum(bytes), min(received_us) FROM segments"
                        + " WHERE saved = 0 AND motion "
                        + motion
                        + " AND received_us >= :moment GROUP BY camera")
                .bind("moment", Micros.of(moment))
                .map(
                    (rs, ctx) ->
                        new Inflow(rs.getString(1), rs.getLong(2), Micros.instant(rs.getLong(3))))
                .list());
  }

  private static Inflow together(Inflow one, Inflow other) {
    return new Inflow(
        one.camera(),
        one.bytes() + other.bytes(),
        one.since().isBefore(other.since()) ? one.since() : other.since());
  }
}
