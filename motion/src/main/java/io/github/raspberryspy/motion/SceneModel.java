package io.github.raspberryspy.motion;

import static org.bytedeco.opencv.global.opencv_core.CV_32FC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;

import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/** What the scene usually looks like, and how much each cell usually deviates from it. */
final class SceneModel implements AutoCloseable {

  /** A deviation of one threshold is this number in {@link #deviation}. */
  static final int UNIT = 32;

  private static final double FAST_SECONDS = 0.15;
  private static final double SLOW_SECONDS = 15;
  private static final double NOISE_RATE = 0.3;
  private static final double QUANTILE = 0.75;
  private static final double K = 4;

  private final Mat logTable = new Mat(1, 256, CV_32FC1);
  private final Mat luma = new Mat();
  private final Mat low = new Mat();
  private final Mat smooth = new Mat();
  private final Mat detail = new Mat();
  private final Mat fast = new Mat();
  private final Mat slow = new Mat();
  private final Mat difference = new Mat();
  private final Mat momentary = new Mat();
  private final Mat noise;
  private final Mat leastNoise;
  private final Mat exceeds = new Mat();
  private final Mat factor = new Mat();
  private final Mat deviation = new Mat();
  private final Mat support = new Mat();
  private final Mat mask = new Mat();
  private final Mat still = new Mat();
  private final Size lowSize;
  private final Size size;
  private final Size three = new Size(3, 3);
  private final Scalar leastNoiseValue = new Scalar(0.01);
  private final double threshold;
  private long frames;

  SceneModel(int columns, int rows, int sensitivity) {
    size = new Size(columns, rows);
    lowSize = new Size(Math.max(1, columns / 8), Math.max(1, rows / 8));
    noise = new Mat(rows, columns, CV_32FC1, new Scalar(0.02));
    leastNoise = new Mat(rows, columns, CV_32FC1, leastNoiseValue);
    threshold = K * Math.pow(2, (50 - sensitivity) / 25.0);
    FloatIndexer table = logTable.createIndexer();
    for (int i = 0; i < 256; i++) {
      table.put(0, i, (float) Math.log(i + 16));
    }
    table.close();
  }

  /** Takes in the next picture; answers with 255 where it is out of the ordinary. */
  Mat update(Mat cells, double seconds) {
    normalise(cells);
    frames++;
    if (frames == 1) {
      detail.copyTo(fast);
      detail.copyTo(slow);
    }
    opencv_imgproc.accumulateWeighted(detail, fast, share(seconds, FAST_SECONDS));
    // What is there now and was there a moment ago: neither flashes nor what has just gone.
    opencv_core.absdiff(fast, slow, difference);
    opencv_core.absdiff(detail, slow, momentary);
    opencv_core.min(difference, momentary, difference);
    opencv_core.divide(difference, noise, deviation, UNIT / threshold, CV_8UC1);
    opencv_imgproc.blur(deviation, support, three);
    opencv_imgproc.threshold(support, mask, UNIT * 1.0, 255, opencv_imgproc.THRESH_BINARY);
    learn(seconds);
    return mask;
  }

  @Override
  public void close() {
    for (Mat mat :
        new Mat[] {
          logTable,
          luma,
          low,
          smooth,
          detail,
          fast,
          slow,
          difference,
          noise,
          leastNoise,
          exceeds,
          factor,
          deviation,
          support,
          mask,
          still
        }) {
      mat.close();
    }
    size.close();
    lowSize.close();
    three.close();
    leastNoiseValue.close();
  }

  private void normalise(Mat cells) {
    opencv_core.LUT(cells, logTable, luma);
    opencv_imgproc.resize(luma, low, lowSize, 0, 0, opencv_imgproc.INTER_AREA);
    opencv_imgproc.resize(low, smooth, size, 0, 0, opencv_imgproc.INTER_LINEAR);
    opencv_core.subtract(luma, smooth, detail);
  }

  private void learn(double seconds) {
    opencv_core.bitwise_not(mask, still);
    double slowShare = Math.max(1.0 / frames, share(seconds, SLOW_SECONDS));
    opencv_imgproc.accumulateWeighted(detail, slow, slowShare, still);
    opencv_imgproc.accumulateWeighted(detail, slow, share(seconds, 60), mask);
    double rate = NOISE_RATE * seconds + 1.0 / (frames + 2);
    opencv_core.compare(difference, noise, exceeds, opencv_core.CMP_GT);
    exceeds.convertTo(factor, CV_32FC1, rate / 255, 1 - rate * (1 - QUANTILE));
    opencv_core.multiply(noise, factor, noise);
    opencv_core.max(noise, leastNoise, noise);
  }

  /** How far a running mean of that time constant moves in so many seconds. */
  private static double share(double seconds, double constant) {
    return 1 - Math.exp(-seconds / constant);
  }
}
