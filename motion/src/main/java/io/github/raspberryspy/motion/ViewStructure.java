package io.github.raspberryspy.motion;

import java.util.Arrays;

/**
 * Where the edges of a view are: now, and usually. An edge is a step of brightness from cell to
 * cell, as a ratio, so that lamps, clouds and exposure leave it where it is. The picture is judged
 * by blocks: what comes and goes in some of them is no other view. For one thread; makes no
 * garbage.
 */
final class ViewStructure {

  private static final int ACROSS = 8;
  private static final int DOWN = 6;
  private static final int BLOCKS = ACROSS * DOWN;

  /** Below this mean square, a block has no edges to know it by. */
  private static final double LEAST_ENERGY = 0.0006;

  /** No step counts for more. */
  private static final float LARGEST = 0.5f;

  private static final int DARK = 16;

  /** How fast the view of the moment follows the picture, and the usual one the moment. */
  private static final double NOW_SECONDS = 1.5;

  private static final double USUAL_SECONDS = 180;

  /** How far off the view is looked for, in cells, and in which steps. */
  private static final int REACH = 16;

  private static final int STEP = 2;

  final int columns;
  final int rows;
  private final float[] logarithms = new float[256];
  private final float[] light; // logarithm of each cell
  private final boolean[] counts; // the cell and its neighbours are watched
  private final float[] nowX;
  private final float[] nowY;
  private final float[] usualX;
  private final float[] usualY;
  private final double[] usualEnergy = new double[BLOCKS];
  private final double[] common = new double[BLOCKS];
  private final double[] ownEnergy = new double[BLOCKS];
  private final int[] cells = new int[BLOCKS];
  private final double[] present = new double[BLOCKS];
  private double learntSeconds;
  private double seenSeconds;
  private double usualMean;
  private double usualSharpness;
  private double sharpness; // mean square of all steps of the latest picture, noise included
  private double mean;
  private double steady;
  private int known;
  private double best; // of the search that is under way
  private int bestX;
  private int bestY;

  ViewStructure(int columns, int rows) {
    this.columns = columns;
    this.rows = rows;
    int n = columns * rows;
    light = new float[n];
    counts = new boolean[n];
    nowX = new float[n];
    nowY = new float[n];
    usualX = new float[n];
    usualY = new float[n];
    for (int i = 0; i < 256; i++) {
      logarithms[i] = (float) Math.log(i + DARK);
    }
  }

  /**
   * Takes in a picture.
   *
   * @param luma each cell's, row by row
   * @param watched not 0 in each cell that counts
   * @param seconds since the one before
   */
  void read(byte[] luma, byte[] watched, double seconds) {
    long sum = 0;
    for (int i = 0; i < light.length; i++) {
      int value = luma[i] & 255;
      sum += value;
      light[i] = logarithms[value];
    }
    mean = Math.max(1, (double) sum / light.length - DARK);
    markCells(watched);
    boolean isFirst = seenSeconds == 0 && learntSeconds == 0;
    float share = isFirst ? 1 : (float) (1 - Math.exp(-seconds / NOW_SECONDS));
    seenSeconds += seconds;
    follow(share);
    compare();
  }

  /** The picture is as it usually is, and becomes part of that. */
  void learn(double seconds) {
    double most = Math.min(USUAL_SECONDS, Math.max(1, learntSeconds));
    float share = learntSeconds == 0 ? 1 : (float) Math.min(1, seconds / most);
    learntSeconds += Math.max(seconds, 1e-3);
    usualMean += share * (mean - usualMean);
    usualSharpness += share * (sharpness - usualSharpness);
    for (int i = 0; i < nowX.length; i++) {
      usualX[i] += share * (nowX[i] - usualX[i]);
      usualY[i] += share * (nowY[i] - usualY[i]);
    }
  }

  /** Forgets what is usual. */
  void forget() {
    learntSeconds = 0;
    Arrays.fill(usualX, 0);
    Arrays.fill(usualY, 0);
  }

  /** For how long the usual view has been learnt. */
  double learntSeconds() {
    return learntSeconds;
  }

  /** How many of the blocks have edges to know them by. */
  int known() {
    return known;
  }

  /** Share of the known blocks in which less of the usual edges is present than this. */
  double shareBelow(double part) {
    int below = 0;
    for (int b = 0; b < BLOCKS; b++) {
      below += isKnown(b) && present[b] < part ? 1 : 0;
    }
    return known == 0 ? 0 : (double) below / known;
  }

  /** How much of the moment's view is in the latest picture too: 1 where nothing moves. */
  double steady() {
    return steady;
  }

  /** Strength of the edges that last, against the usual. */
  double detail() {
    double usual = 0;
    double own = 0;
    for (int b = 0; b < BLOCKS; b++) {
      usual += isKnown(b) ? usualEnergy[b] : 0;
      own += isKnown(b) ? Math.max(0, ownEnergy[b]) : 0;
    }
    return usual == 0 ? 1 : own / usual;
  }

  /** How many blocks have edges that last, whichever. */
  int structured() {
    int n = 0;
    for (int b = 0; b < BLOCKS; b++) {
      n += cells[b] > 0 && ownEnergy[b] / cells[b] >= LEAST_ENERGY ? 1 : 0;
    }
    return n;
  }

  /** Strength of all edges of the latest picture alone, noise included, against the usual. */
  double sharpness() {
    return usualSharpness == 0 ? 1 : sharpness / usualSharpness;
  }

  /** Brightness against the usual. */
  double brightness() {
    return mean / usualMean;
  }

  /** Where the usual view is in the picture now. */
  Place find() {
    double here = likeness(0, 0);
    best = here;
    bestX = 0;
    bestY = 0;
    search(0, 0, REACH, STEP);
    search(bestX, bestY, STEP - 1, 1);
    return new Place(here, best, bestX / (double) columns, bestY / (double) rows);
  }

  private void search(int aboutX, int aboutY, int reach, int step) {
    for (int dy = aboutY - reach; dy <= aboutY + reach; dy += step) {
      for (int dx = aboutX - reach; dx <= aboutX + reach; dx += step) {
        double like = likeness(dx, dy);
        if (like > best) {
          best = like;
          bestX = dx;
          bestY = dy;
        }
      }
    }
  }

  /**
   * Where a view was found.
   *
   * @param here how alike the edges are in place, -1 to 1
   * @param best how alike where they are most alike
   * @param x how far that is to the right, share of the picture
   * @param y how far down
   */
  record Place(double here, double best, double x, double y) {}

  private boolean isKnown(int block) {
    return cells[block] > 0 && usualEnergy[block] / cells[block] >= LEAST_ENERGY;
  }

  private void markCells(byte[] watched) {
    for (int y = 1; y < rows - 1; y++) {
      for (int x = 1; x < columns - 1; x++) {
        int i = y * columns + x;
        counts[i] =
            watched[i] != 0
                && watched[i - 1] != 0
                && watched[i + 1] != 0
                && watched[i - columns] != 0
                && watched[i + columns] != 0;
      }
    }
  }

  /** Moves the view of the moment on; before that, sees how much of it is in the picture. */
  private void follow(float share) {
    Arrays.fill(ownEnergy, 0);
    double both = 0;
    double before = 0;
    double all = 0;
    for (int y = 1; y < rows - 1; y++) {
      int row = y * DOWN / rows * ACROSS;
      for (int x = 1; x < columns - 1; x++) {
        int i = y * columns + x;
        if (!counts[i]) {
          continue;
        }
        float gx = step(light[i + 1] - light[i - 1]);
        float gy = step(light[i + columns] - light[i - columns]);
        // The noise of two pictures has nothing in common.
        double own = gx * nowX[i] + gy * nowY[i];
        ownEnergy[row + x * ACROSS / columns] += own;
        both += own;
        all += gx * gx + gy * gy;
        before += nowX[i] * nowX[i] + nowY[i] * nowY[i];
        nowX[i] += share * (gx - nowX[i]);
        nowY[i] += share * (gy - nowY[i]);
      }
    }
    sharpness = all / nowX.length;
    steady = before == 0 ? 1 : both / before;
  }

  private void compare() {
    Arrays.fill(usualEnergy, 0);
    Arrays.fill(common, 0);
    Arrays.fill(cells, 0);
    for (int y = 1; y < rows - 1; y++) {
      int row = y * DOWN / rows * ACROSS;
      for (int x = 1; x < columns - 1; x++) {
        int i = y * columns + x;
        if (counts[i]) {
          int b = row + x * ACROSS / columns;
          usualEnergy[b] += usualX[i] * usualX[i] + usualY[i] * usualY[i];
          common[b] += nowX[i] * usualX[i] + nowY[i] * usualY[i];
          cells[b]++;
        }
      }
    }
    known = 0;
    for (int b = 0; b < BLOCKS; b++) {
      known += isKnown(b) ? 1 : 0;
      present[b] = usualEnergy[b] == 0 ? 1 : common[b] / usualEnergy[b];
    }
  }

  /** How alike the edges are, were the view shifted by so many cells. */
  private double likeness(int dx, int dy) {
    double both = 0;
    double usual = 0;
    double now = 0;
    for (int y = Math.max(1, 1 + dy); y < rows - 1 + Math.min(0, dy); y++) {
      for (int x = Math.max(1, 1 + dx); x < columns - 1 + Math.min(0, dx); x++) {
        int i = y * columns + x;
        int from = i - dy * columns - dx;
        if (counts[i] && counts[from]) {
          both += nowX[i] * usualX[from] + nowY[i] * usualY[from];
          usual += usualX[from] * usualX[from] + usualY[from] * usualY[from];
          now += nowX[i] * nowX[i] + nowY[i] * nowY[i];
        }
      }
    }
    double scale = Math.sqrt(usual * now);
    return scale == 0 ? 0 : both / scale;
  }

  private static float step(float difference) {
    return Math.max(-LARGEST, Math.min(LARGEST, difference));
  }
}
