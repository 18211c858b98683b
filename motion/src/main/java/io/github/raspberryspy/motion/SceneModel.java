package io.github.raspberryspy.motion;

import static org.bytedeco.opencv.global.opencv_core.CV_32F;
import static org.bytedeco.opencv.global.opencv_core.CV_32FC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;

import java.util.Arrays;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * What the scene usually looks like, how much each cell usually deviates from that, and which cells
 * deviate more than usual now. One thread at a time.
 */
final class SceneModel implements AutoCloseable {

  /** A deviation as large as the threshold is this number in {@link #deviation}. */
  static final int UNIT = 32;

  /** How fast each memory of a cell follows it: a moment, a second, the usual. */
  private static final double FAST_SECONDS = 0.15;

  private static final double MEDIUM_SECONDS = 1;
  private static final double SLOW_SECONDS = 8;

  /** How fast something that came and is no body becomes part of the usual. */
  private static final double ABSORB_SECONDS = 2;

  /** Noise is the deviation that a cell stays below for this share of the time. */
  private static final double QUANTILE = 0.8;

  /** How fast noise is learnt, per second, as a share of itself. */
  private static final double NOISE_RATE = 0.4;

  private static final int NOISE_EVERY = 4;

  /** Where a body stirs, noise is learnt only every so many times. */
  private static final int STIRRED_EVERY = 10;

  private static final int FIRST_FRAMES = 32;
  private static final double FIRST_NOISE = 0.02;
  private static final double LEAST_NOISE = 0.006;

  /** The threshold, in noises, at sensitivity 50. */
  private static final double TIMES_NOISE = 3.5;

  /** The median of all cells' deviations is usually below this, in thresholds. */
  private static final double USUAL_MEDIAN = 0.2;

  private static final double ACTIVE = 0.7;

  /** Where all of the picture deviates so many times more than usual, it stirs of itself. */
  private static final double UNSTEADY = 1.3;

  /** Gray levels of a picture of it for a contrast of 1, which is three times the brightness. */
  private static final double SHOWN_CONTRAST = 128;

  private final LocalContrast filter;
  private final Mat fast;
  private final Mat medium;
  private final Mat usual;
  private final Mat noise;
  private final Mat leastNoise;
  private final Mat zero;
  private final Mat difference;
  private final Mat momentary;
  private final Mat change;
  private final Mat factor;
  private final CellMap deviation;
  private final CellMap support;
  private final CellMap active;
  private final CellMap richer;
  private final CellMap mask;
  private final Mat other;
  private final Size three = new Size(3, 3);
  private final double threshold;
  private final Mat weights; // null where all cells are alike
  private final int[] histogram = new int[256];
  private Mat contrast;
  private long frames;
  private double noiseSeconds;
  private double noiseBoost;
  private int noiseTurns;
  private double age;
  private double scale = 1;
  private boolean stands;

  /**
   * Of a grid of so many cells.
   *
   * @param caution what the threshold is multiplied with
   * @param weights how many times more a change counts in each cell; empty where all are alike
   */
  SceneModel(int columns, int rows, double caution, float[] weights) {
    filter = new LocalContrast(columns, rows);
    fast = floats(columns, rows, 0);
    medium = floats(columns, rows, 0);
    usual = floats(columns, rows, 0);
    noise = floats(columns, rows, FIRST_NOISE);
    leastNoise = floats(columns, rows, LEAST_NOISE);
    zero = floats(columns, rows, 0);
    difference = floats(columns, rows, 0);
    momentary = floats(columns, rows, 0);
    change = floats(columns, rows, 0);
    factor = floats(columns, rows, 0);
    deviation = new CellMap(columns, rows);
    support = new CellMap(columns, rows);
    active = new CellMap(columns, rows);
    richer = new CellMap(columns, rows);
    mask = new CellMap(columns, rows);
    other = new Mat(rows, columns, CV_8UC1);
    threshold = TIMES_NOISE * caution;
    this.weights = weights.length == 0 ? null : weights(weights, rows, columns);
  }

  /** Takes in the next picture; whether anything in it is out of the ordinary. */
  boolean update(Mat cells, double seconds) {
    contrast = filter.of(cells);
    if (frames++ == 0) {
      contrast.copyTo(fast);
      contrast.copyTo(medium);
      contrast.copyTo(usual);
    }
    opencv_imgproc.accumulateWeighted(contrast, fast, share(seconds, FAST_SECONDS));
    opencv_imgproc.accumulateWeighted(contrast, medium, share(seconds, MEDIUM_SECONDS));
    // What is there now and was there a moment ago: neither flashes nor what has just gone.
    opencv_core.absdiff(fast, usual, difference);
    opencv_core.absdiff(contrast, usual, momentary);
    opencv_core.min(difference, momentary, difference);
    opencv_core.divide(difference, noise, deviation.mat(), UNIT / threshold, CV_8UC1);
    scale = Math.max(1, median(deviation.pull()) / (UNIT * USUAL_MEDIAN));
    weigh(deviation.mat());
    opencv_imgproc.threshold(
        deviation.mat(), mask.mat(), UNIT * scale, 255, opencv_imgproc.THRESH_BINARY);
    stands = opencv_core.countNonZero(mask.mat()) > 0 && isSupported();
    return stands;
  }

  /** 255 where the picture is out of the ordinary, and so are the neighbours. */
  byte[] mask() {
    return mask.pull();
  }

  /** Fills in what is usual, as {@link DetectorView#usual}, and what is out of the ordinary. */
  void show(byte[] usualCells, byte[] maskCells) {
    try (Mat gray = new Mat()) {
      usual.convertTo(gray, CV_8UC1, SHOWN_CONTRAST, 128);
      gray.data().get(usualCells);
    }
    if (stands) {
      System.arraycopy(mask.pull(), 0, maskCells, 0, maskCells.length);
    }
  }

  /** Deviation with its neighbours', in units of {@link #UNIT} times {@link #scale}. */
  byte[] support() {
    return support.pull();
  }

  /** Not 0 where a cell is not what it was a second ago. */
  byte[] active() {
    opencv_core.absdiff(fast, medium, momentary);
    opencv_core.divide(momentary, noise, active.mat(), UNIT / threshold, CV_8UC1);
    weigh(active.mat());
    opencv_imgproc.threshold(
        active.mat(), active.mat(), UNIT * scale * ACTIVE, 255, opencv_imgproc.THRESH_BINARY);
    return active.pull();
  }

  /** Not 0 where there is more contrast than usual. */
  byte[] richer() {
    opencv_core.absdiff(contrast, zero, momentary);
    opencv_core.absdiff(usual, zero, change);
    opencv_core.compare(momentary, change, richer.mat(), opencv_core.CMP_GT);
    return richer.pull();
  }

  /** How many times larger than usual deviations are all over the picture; at least 1. */
  double scale() {
    return scale;
  }

  /**
   * Learns from the latest picture.
   *
   * @param kept 255 in cells that are not to become background, nor noise while they are quiet
   */
  void learn(double seconds, CellMap kept) {
    double calm = share(seconds, scale > 2 ? ABSORB_SECONDS : SLOW_SECONDS);
    double learning = Math.max(1.0 / frames, calm);
    if (stands) {
      opencv_core.subtract(mask.mat(), kept.mat(), other);
      if (scale < UNSTEADY) {
        // What stirs is not what will be left there: or else it leaves a trace of itself behind.
        opencv_core.subtract(other, active.mat(), other);
      }
      // Outside of the mask so fast, where it is absorbed so fast, else not at all: OpenCV is ten
      // times as fast at arithmetic as at accumulating within a mask.
      opencv_core.addWeighted(
          mask.mat(),
          -learning / 255,
          other,
          share(seconds, ABSORB_SECONDS) / 255,
          learning,
          factor,
          CV_32F);
      opencv_core.subtract(contrast, usual, change);
      opencv_imgproc.accumulateProduct(change, factor, usual);
    } else {
      opencv_imgproc.accumulateWeighted(contrast, usual, learning);
    }
    noiseSeconds += seconds;
    age += seconds;
    noiseBoost += 1.0 / (frames + 2);
    if (frames < FIRST_FRAMES || frames % NOISE_EVERY == 0) {
      learnNoise(NOISE_RATE * noiseSeconds + noiseBoost, kept);
      noiseSeconds = 0;
      noiseBoost = 0;
    }
  }

  @Override
  public void close() {
    for (Mat mat :
        new Mat[] {
          fast, medium, usual, noise, leastNoise, zero, difference, momentary, change, factor, other
        }) {
      mat.close();
    }
    for (CellMap map : new CellMap[] {deviation, support, active, richer, mask}) {
      map.close();
    }
    if (weights != null) {
      weights.close();
    }
    filter.close();
    three.close();
  }

  /** Follows a quantile of each cell's deviation: up where it is above, down where it is below. */
  private void learnNoise(double rate, CellMap kept) {
    opencv_core.compare(difference, noise, other, opencv_core.CMP_GT);
    other.convertTo(factor, CV_32FC1, rate / 255, 1 - rate * (1 - QUANTILE));
    opencv_core.multiply(noise, factor, factor);
    if (stands) {
      // A body that stands still is no noise. One that stirs is, as long as the usual is not known:
      // it may be a tree. Later that is learnt slowly, so that nobody vanishes who only fidgets.
      if (age < SLOW_SECONDS || ++noiseTurns % STIRRED_EVERY == 0) {
        opencv_core.subtract(kept.mat(), active.mat(), other);
        opencv_core.bitwise_not(other, other);
      } else {
        opencv_core.bitwise_not(kept.mat(), other);
      }
      factor.copyTo(noise, other);
      opencv_core.max(noise, leastNoise, noise);
    } else {
      opencv_core.max(factor, leastNoise, noise);
    }
  }

  private boolean isSupported() {
    opencv_imgproc.blur(deviation.mat(), support.mat(), three);
    opencv_imgproc.threshold(
        support.mat(), mask.mat(), UNIT * scale, 255, opencv_imgproc.THRESH_BINARY);
    return opencv_core.countNonZero(mask.mat()) > 1;
  }

  private int median(byte[] cells) {
    Arrays.fill(histogram, 0);
    int n = 0;
    for (int i = 0; i < cells.length; i += 3) {
      histogram[cells[i] & 255]++;
      n++;
    }
    int value = 0;
    int seen = histogram[0];
    while (seen < n / 2) {
      value++;
      seen += histogram[value];
    }
    return value;
  }

  private void weigh(Mat cells) {
    if (weights != null) {
      opencv_core.multiply(cells, weights, cells, 1, CV_8UC1);
    }
  }

  private static Mat weights(float[] of, int rows, int columns) {
    Mat mat = new Mat(rows, columns, CV_32FC1);
    try (FloatIndexer cells = mat.createIndexer()) {
      cells.put(0, 0, of);
    }
    return mat;
  }

  private static Mat floats(int columns, int rows, double value) {
    try (Scalar scalar = new Scalar(value)) {
      return new Mat(rows, columns, CV_32FC1, scalar);
    }
  }

  /** How far a running mean of that time constant moves in so many seconds. */
  private static double share(double seconds, double constant) {
    return 1 - Math.exp(-seconds / constant);
  }
}
