package io.github.raspberryspy.sink.index;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which files the index accounts for, by their paths below the footage folder. Thread-safe. */
public final class Whereabouts {

  private static final String RANGE = " WHERE path >= :from AND path < :to ORDER BY path";

  private final Database database;

  Whereabouts(Database database) {
    this.database = database;
  }

  /** The first path behind this one of a segment that is listed or in the trash. */
  public Optional<String> next(String after) {
    return database.read(
        h ->
            Stream.of("segments", "trash")
                .flatMap(
                    table ->
                        h
                            .createQuery(
                                "SELECT path FROM "
                                    + table
                                    + " WHERE path > :after ORDER BY path LIMIT 1")
                            .bind("after", after)
                            .mapTo(String.class)
                            .list()
                            .stream())
                .min(String::compareTo));
  }

  /** Listed segments whose paths are in this range, the end excluded. */
  public List<StoredSegment> listed(String from, String to) {
    return database.read(
        h ->
            Rows.segments(
                    h.createQuery(
                            "SELECT "
                                + Rows.COLUMNS
                                + " FROM segments s WHERE s.path >= :from AND s.path < :to"
                                + " ORDER BY s.path")
                        .bind("from", from)
                        .bind("to", to))
                .list());
  }

  /** Likewise those in the trash. */
  public List<TrashedSegment> trashed(String from, String to) {
    return database.read(
        h ->
            h.createQuery(Trash.SELECT + RANGE)
                .bind("from", from)
                .bind("to", to)
                .map((rs, ctx) -> Trash.trashed(rs))
                .list());
  }

  /** Likewise paths of what is being deleted. */
  public List<String> leaving(String from, String to) {
    return database.read(
        h ->
            h.createQuery("SELECT path FROM garbage" + RANGE)
                .bind("from", from)
                .bind("to", to)
                .mapTo(String.class)
                .list());
  }
}
