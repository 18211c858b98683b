package io.github.raspberryspy.sink.index;

import java.util.List;
import org.jdbi.v3.core.statement.Query;

/**
 * How many rows of a listing go into one answer. What cameras say of a segment may be large, and a
 * thousand of them would not fit into memory: so their sizes are asked for first.
 */
final class Portion {

  /** Bytes of manifests in one answer, unless its first one is larger. */
  static final long OF_SEGMENTS = 1 << 20;

  /** Likewise of motion that segments say, and of incidents: ten thousand usual ones. */
  static final long OF_EVENTS = 4 << 20;

  /** Likewise of motion that no segment says yet, and of faults. */
  static final long OF_NEWS = 1 << 20;

  private final List<Long> sizes;
  private final int rows;

  private Portion(List<Long> sizes, int rows) {
    this.sizes = sizes;
    this.rows = rows;
  }

  /**
   * Weighs rows.
   *
   * @param sizes asks for the bytes of each, in the order of the listing
   * @param limit most rows, from 1
   * @param most their size together at the most
   */
  static Portion of(Query sizes, int limit, long most) {
    List<Long> all = sizes.mapTo(Long.class).list();
    int rows = 0;
    long size = 0;
    while (rows < Math.min(all.size(), limit)) {
      size += all.get(rows);
      if (rows > 0 && size > most) {
        break;
      }
      rows++;
    }
    return new Portion(all, rows);
  }

  /** How many rows it has. */
  int rows() {
    return rows;
  }

  /** Whether rows were asked for that are not in it. */
  boolean isLess() {
    return rows < sizes.size();
  }
}
