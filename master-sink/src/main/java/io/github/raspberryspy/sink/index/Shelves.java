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
                    "SELECT t.camera, sum(t.segments), sum(t.bytes), sum(t.saved * t.segments),"
                        + " sum(t.saved * t.bytes), sum((1 - t.saved) * t.beside), (SELECT min(s.start_us) FROM segments s"
                        + " WHERE s.camera = t.camera) FROM tallies t GROUP BY t.camera"
                        + " ORDER BY t.camera")
                .map(
                    (rs, ctx) ->
                        new Shelf(
                            rs.getString(1),
                            rs.getLong(2),
                            rs.getLong(3),
                            rs.getLong(4),
                            rs.getLong(5),
                            rs.getLong(6),
                            Micros.instant(rs.getLong(7))))
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

  /** Each half has an index of its own, in which each camera's last ones lie together. */
  private List<Inflow> since(Instant moment, String motion) {
    String since =
        " FROM segments s WHERE s.camera = t.camera AND s.saved = 0 AND s.motion "
            + motion
            + " AND s.received_us >= :moment)";
    return database.read(
        h ->
            h
                .createQuery(
                    "SELECT t.camera, (SELECT sum(s.bytes)"
                        + since
                        + ", (SELECT min(s.received_us)"
                        + since
                        + " FROM tallies t WHERE t.saved = 0 GROUP BY t.camera")
                .bind("moment", Micros.of(moment))
                .map(
                    (rs, ctx) ->
                        new Inflow(rs.getString(1), rs.getLong(2), Micros.instant(rs.getLong(3))))
                .stream()
                .filter(flow -> flow.bytes() > 0)
                .toList());
  }

  private static Inflow together(Inflow one, Inflow other) {
    return new Inflow(
        one.camera(),
        one.bytes() + other.bytes(),
        one.since().isBefore(other.since()) ? one.since() : other.since());
  }
}
