package io.github.raspberryspy.motion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Finds connected areas in a mask, touching corners included. Most of a mask is zeros: only the
 * runs of other cells are looked at, row by row, and those that touch are joined. One thread at a
 * time.
 */
final class BlobFinder {

  private static final int NONE = -1;

  private final int columns;
  private final byte[] zeros;

  /* Of each run: its first cell and the one behind its last, another run of its area that comes
  before it or itself, and the next run of its area in the order of cells. */
  private final int[] start;
  private final int[] end;
  private final int[] origin;
  private final int[] next;
  private int runs;

  /* Of each area, at its first run. */
  private final int[] latest; // run
  private final int[] left;
  private final int[] right;
  private final int[] area;

  BlobFinder(int columns, int rows) {
    this.columns = columns;
    this.zeros = new byte[columns * rows];
    int most = rows * ((columns + 1) / 2);
    start = new int[most];
    end = new int[most];
    origin = new int[most];
    next = new int[most];
    latest = new int[most];
    left = new int[most];
    right = new int[most];
    area = new int[most];
  }

  /** The areas of cells that are not 0, in the order of their first cells. */
  List<Blob> find(byte[] mask) {
    findRuns(mask);
    List<Blob> blobs = new ArrayList<>();
    int areas = 0;
    for (int run = 0; run < runs; run++) {
      areas += gather(run) ? 1 : 0;
    }
    for (int run = 0; areas > 0; run++) {
      if (origin[run] == run) {
        int top = start[run] / columns;
        int bottom = start[latest[run]] / columns + 1;
        int[] box = {left[run], top, right[run] - left[run], bottom - top, area[run]};
        blobs.add(new Blob(run, box));
        areas--;
      }
    }
    return blobs;
  }

  /** Visits each cell of an area that was found last. */
  void forEachCell(Blob blob, IntConsumer visitor) {
    for (int run = blob.firstRun; run != NONE; run = next[run]) {
      for (int cell = start[run]; cell < end[run]; cell++) {
        visitor.accept(cell);
      }
    }
  }

  private void findRuns(byte[] mask) {
    runs = 0;
    int above = 0; // runs of the row above that may still touch, up to the first of this row
    int first = 0;
    int row = 0;
    int cell = skipZeros(mask, 0);
    while (cell < mask.length) {
      int y = cell / columns;
      if (y != row) {
        above = y == row + 1 ? first : runs;
        first = runs;
        row = y;
      }
      int edge = (y + 1) * columns;
      int behind = cell + 1;
      while (behind < edge && mask[behind] != 0) {
        behind++;
      }
      while (above < first && end[above] + columns < cell) {
        above++;
      }
      add(cell, behind);
      for (int i = above; i < first && start[i] + columns <= behind; i++) {
        join(i, runs - 1);
      }
      cell = skipZeros(mask, behind);
    }
  }

  /** The next cell from this one on that is not 0, or the end. */
  private int skipZeros(byte[] mask, int from) {
    int same = Arrays.mismatch(mask, from, mask.length, zeros, from, mask.length);
    return same < 0 ? mask.length : from + same;
  }

  private void add(int from, int behind) {
    start[runs] = from;
    end[runs] = behind;
    origin[runs] = runs;
    next[runs] = NONE;
    runs++;
  }

  private void join(int a, int b) {
    int one = first(a);
    int other = first(b);
    origin[Math.max(one, other)] = Math.min(one, other);
  }

  /** The first run of its area, as far as is known. */
  private int first(int of) {
    int run = of;
    while (origin[run] != run) {
      origin[run] = origin[origin[run]];
      run = origin[run];
    }
    return run;
  }

  /** Adds a run to its area; whether that is a new one. */
  private boolean gather(int run) {
    int of = first(run);
    int x = start[run] % columns;
    int behind = x + end[run] - start[run];
    if (of == run) {
      left[of] = x;
      right[of] = behind;
      area[of] = 0;
    } else {
      next[latest[of]] = run;
      left[of] = Math.min(left[of], x);
      right[of] = Math.max(right[of], behind);
    }
    latest[of] = run;
    area[of] += end[run] - start[run];
    return of == run;
  }
}
