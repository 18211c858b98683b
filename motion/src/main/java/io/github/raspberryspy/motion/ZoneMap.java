package io.github.raspberryspy.motion;

import io.github.raspberryspy.segments.Box;
import io.github.raspberryspy.segments.Polygon;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Zones and masks as they lie on a grid of cells: worked out once, then only looked up. Immutable,
 * apart from what {@link #touched} counts with: for one thread.
 */
final class ZoneMap {

  /** Cells around what is passed over that are passed over too: the way down is not sharp. */
  private static final int MARGIN = 1;

  /** A cell is looked at in so many places each way to tell whether it belongs to a zone. */
  private static final int SAMPLES = 4;

  /** A body touches a zone with so many cells, and with this share of its own. */
  private static final int LEAST_CELLS = 2;

  private static final double LEAST_SHARE = 0.05;

  private final int columns;
  private final int rows;
  private final byte[] watched;
  private final List<String> names = new ArrayList<>(); // of triggers, by bit
  private final int[] triggers; // bits of each cell; empty where there are no triggers
  private final float[] weights; // of each cell; empty where no zone has its own sensitivity
  private final int[] counts = new int[Zone.MOST];

  /** Of a grid of so many cells. */
  ZoneMap(MotionConfig config, int columns, int rows) {
    this.columns = columns;
    this.rows = rows;
    this.watched = new byte[columns * rows];
    Arrays.fill(watched, (byte) 255);
    config.masks().forEach(this::passOver);
    config.zones().stream().filter(Zone::isPassedOver).forEach(z -> passOver(z.shape()));
    List<Zone> kept = config.zones().stream().filter(z -> !z.isPassedOver()).toList();
    boolean isWeighted = kept.stream().anyMatch(z -> z.sensitivity().isPresent());
    this.triggers = new int[kept.isEmpty() ? 0 : columns * rows];
    this.weights = new float[isWeighted ? columns * rows : 0];
    Arrays.fill(weights, 1);
    for (Zone zone : kept) {
      add(zone, config.caution());
    }
  }

  /** Whether there is a cell in which motion would count. */
  boolean hasAny() {
    for (int cell = 0; cell < watched.length; cell++) {
      if (watched[cell] != 0 && (!hasTriggers() || triggers[cell] != 0)) {
        return true;
      }
    }
    return false;
  }

  /** 255 in each cell that counts, 0 in one that is passed over; not to be changed. */
  byte[] watched() {
    return watched;
  }

  /** How many times more a change counts in each cell than elsewhere; empty where all are alike. */
  float[] weights() {
    return weights;
  }

  /** Whether only motion that touches a zone counts. */
  boolean hasTriggers() {
    return triggers.length > 0;
  }

  /** The names of the zones that a body touches; none where there are none. */
  List<String> touched(BlobFinder finder, Blob blob) {
    if (!hasTriggers()) {
      return List.of();
    }
    Arrays.fill(counts, 0);
    finder.forEachCell(blob, this::count);
    double least = Math.max(LEAST_CELLS, LEAST_SHARE * blob.area);
    List<String> touched = new ArrayList<>(names.size());
    for (int i = 0; i < names.size(); i++) {
      if (counts[i] >= least) {
        touched.add(names.get(i));
      }
    }
    return touched;
  }

  private void count(int cell) {
    for (int bits = triggers[cell]; bits != 0; bits &= bits - 1) {
      counts[Integer.numberOfTrailingZeros(bits)]++;
    }
  }

  private void add(Zone zone, double caution) {
    int bit = 1 << names.size();
    names.add(zone.name());
    float weight =
        zone.sensitivity().isPresent()
            ? (float) (caution / MotionConfig.caution(zone.sensitivity().getAsInt()))
            : 1;
    boolean[] cells = cells(zone.shape(), columns, rows);
    for (int cell = 0; cell < cells.length; cell++) {
      if (cells[cell]) {
        if (weights.length > 0) {
          weights[cell] = triggers[cell] == 0 ? weight : Math.max(weights[cell], weight);
        }
        triggers[cell] |= bit;
      }
    }
  }

  /**
   * The cells of which at least half is inside; where there is none, since it is smaller than that,
   * those that it touches.
   */
  static boolean[] cells(Polygon shape, int columns, int rows) {
    boolean[] cells = new boolean[columns * rows];
    boolean isEmpty = true;
    for (int row = 0; row < rows; row++) {
      for (double[] extent : shape.extents(share(row, rows), share(row + 1, rows))) {
        int end = right(extent, columns, 0);
        for (int column = left(extent, columns, 0); column < end; column++) {
          boolean isInside = samples(shape, column, row, columns, rows) >= SAMPLES * SAMPLES / 2;
          cells[row * columns + column] = isInside;
          isEmpty &= !isInside;
        }
      }
    }
    return isEmpty ? touchedCells(shape, columns, rows) : cells;
  }

  private static boolean[] touchedCells(Polygon shape, int columns, int rows) {
    boolean[] cells = new boolean[columns * rows];
    for (int row = 0; row < rows; row++) {
      for (double[] extent : shape.extents(share(row, rows), share(row + 1, rows))) {
        Arrays.fill(
            cells,
            row * columns + left(extent, columns, 0),
            row * columns + right(extent, columns, 0),
            true);
      }
    }
    return cells;
  }

  private static int samples(Polygon shape, int column, int row, int columns, int rows) {
    int inside = 0;
    for (int i = 0; i < SAMPLES; i++) {
      for (int j = 0; j < SAMPLES; j++) {
        double x = (column + (i + 0.5) / SAMPLES) / columns;
        double y = (row + (j + 0.5) / SAMPLES) / rows;
        inside += shape.contains(x, y) ? 1 : 0;
      }
    }
    return inside;
  }

  private void passOver(Polygon shape) {
    for (int row = 0; row < rows; row++) {
      double top = share(row - MARGIN, rows);
      double bottom = share(row + 1 + MARGIN, rows);
      for (double[] extent : shape.extents(top, bottom)) {
        clear(row, left(extent, columns, MARGIN), right(extent, columns, MARGIN));
      }
    }
  }

  private void passOver(Box box) {
    double[] across = {box.x(), box.x() + box.width()};
    double[] down = {box.y(), box.y() + box.height()};
    int bottom = right(down, rows, MARGIN);
    for (int row = left(down, rows, MARGIN); row < bottom; row++) {
      clear(row, left(across, columns, MARGIN), right(across, columns, MARGIN));
    }
  }

  private void clear(int row, int left, int right) {
    if (right > left) {
      Arrays.fill(watched, row * columns + left, row * columns + right, (byte) 0);
    }
  }

  private static double share(int n, int of) {
    return n / (double) of;
  }

  private static int left(double[] extent, int cells, int margin) {
    return Math.max(0, (int) Math.floor(extent[0] * cells + 1e-9) - margin);
  }

  private static int right(double[] extent, int cells, int margin) {
    return Math.min(cells, (int) Math.ceil(extent[1] * cells - 1e-9) + margin);
  }
}
