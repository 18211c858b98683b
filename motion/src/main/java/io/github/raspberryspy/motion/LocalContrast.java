package io.github.raspberryspy.motion;

import static org.bytedeco.opencv.global.opencv_core.CV_32FC1;

import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Turns brightness into contrast: how much brighter a cell is than its surroundings, as the
 * logarithm of their ratio. A lamp, a cloud or the camera's exposure multiplies both, and drops
 * out.
 */
final class LocalContrast implements AutoCloseable {

  /** Surroundings are blocks of so many cells squared; the grid is a multiple of it both ways. */
  static final int BLOCK = 4;

  /** Added to luma: noise near black is not contrast. */
  private static final int DARK = 16;

  private final Mat logarithms = new Mat(1, 256, CV_32FC1);
  private final Mat luma;
  private final Mat half;
  private final Mat quarter;
  private final Mat surroundings;
  private final Mat contrast;
  private final Size size;
  private final Size halfSize;
  private final Size quarterSize;

  LocalContrast(int columns, int rows) {
    size = new Size(columns, rows);
    halfSize = new Size(halved(columns), halved(rows));
    quarterSize = new Size(halved(halfSize.width()), halved(halfSize.height()));
    luma = mat(size);
    half = mat(halfSize);
    quarter = mat(quarterSize);
    surroundings = mat(size);
    contrast = mat(size);
    try (FloatIndexer table = logarithms.createIndexer()) {
      for (int i = 0; i < 256; i++) {
        table.put(0, i, (float) Math.log(i + DARK));
      }
    }
  }

  /** The contrast of each cell; it belongs to this until the next call. */
  Mat of(Mat cells) {
    opencv_core.LUT(cells, logarithms, luma);
    opencv_imgproc.resize(luma, half, halfSize, 0, 0, opencv_imgproc.INTER_AREA);
    opencv_imgproc.resize(half, quarter, quarterSize, 0, 0, opencv_imgproc.INTER_AREA);
    opencv_imgproc.resize(quarter, surroundings, size, 0, 0, opencv_imgproc.INTER_LINEAR);
    opencv_core.subtract(luma, surroundings, contrast);
    return contrast;
  }

  @Override
  public void close() {
    for (Mat mat : new Mat[] {logarithms, luma, half, quarter, surroundings, contrast}) {
      mat.close();
    }
    size.close();
    halfSize.close();
    quarterSize.close();
  }

  private static int halved(int cells) {
    return Math.max(1, cells / 2);
  }

  private static Mat mat(Size size) {
    return new Mat(size.height(), size.width(), CV_32FC1);
  }
}
