package io.github.raspberryspy.sink.index;

import io.github.raspberryspy.segments.SegmentId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** When footage was received and deleted, and what is noted of the clock. Thread-safe. */
public final class Stamps {

  /** Note of the time that it last was. */
  public static final String LAST = "clock.last";

  /** Note of the stamp from which on it is not known that stamps are right. */
  public static final String UNSURE = "clock.unsure";

  /** Each part of the segments has an index by its stamps, as it goes by them. */
  private static final List<Column> COLUMNS =
      List.of(
          new Column("segments", "received_us", "saved = 0 AND motion = 0"),
          new Column("segments", "received_us", "saved = 0 AND motion <> 0"),
          new Column("segments", "received_us", "saved = 1"),
          new Column("trash", "received_us", "true"),
          new Column("trash", "deleted_us", "true"));

  private static final int FEW = 10;

  private final Database database;

  Stamps(Database database) {
    this.database = database;
  }

  /**
   * Moves stamps and notes the time, in one step: so that nothing moves twice.
   *
   * @param since stamps from this one on move; empty moves none
   * @param ahead by this much
   * @param now what is stamped with a later time came now
   * @param unsure the stamp from which on it is not known that stamps are right
   */
  public void settle(
      Optional<Instant> since, Duration ahead, Instant now, Optional<Instant> unsure) {
    database.change(
        h -> {
          for (Column column : COLUMNS) {
            since.ifPresent(from -> column.move(h, from, ahead));
            column.limit(h, now);
          }
          Notes.remove(h, UNSURE);
          unsure.ifPresent(from -> Notes.put(h, UNSURE, from.toString()));
          Notes.put(h, LAST, now.toString());
        });
  }

  /** Stamps a segment anew. */
  public void receive(SegmentId id, Instant at) {
    database.change(
        h ->
            h.createUpdate("UPDATE segments SET received_us = :at WHERE id = :id")
                .bind("at", Micros.of(at))
                .bind("id", id.toString())
                .execute());
  }

  /** The last few segments of a camera that were filmed and received up to a moment, last first. */
  public List<StoredSegment> lastBefore(String camera, Instant moment) {
    return database.read(
        h ->
            Rows.segments(
                    h.createQuery(
                            "SELECT "
                                + Rows.COLUMNS
                                + " FROM segments s WHERE s.camera = :camera"
                                + " AND s.start_us <= :moment AND s.received_us <= :moment"
                                + " ORDER BY s.start_us DESC LIMIT :few")
                        .bind("camera", camera)
                        .bind("moment", Micros.of(moment))
                        .bind("few", FEW))
                .list());
  }

  private record Column(String table, String name, String which) {

    void move(Handle h, Instant from, Duration ahead) {
      h.createUpdate(update("%2$s + :ahead", "%2$s >= :from"))
          .bind("ahead", Micros.of(Instant.EPOCH.plus(ahead)))
          .bind("from", Micros.of(from))
          .execute();
    }

    void limit(Handle h, Instant now) {
      h.createUpdate(update(":now", "%2$s > :now")).bind("now", Micros.of(now)).execute();
    }

    private String update(String value, String where) {
      return ("UPDATE %1$s SET %2$s = " + value + " WHERE %3$s AND " + where)
          .formatted(table, name, which);
    }
  }
}
