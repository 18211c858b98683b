package io.github.raspberryspy.camera.supervise;

import io.github.raspberryspy.camera.Image;
import io.github.raspberryspy.camera.PixelFormat;
import java.util.zip.CRC32;

/**
 * A few rows of a picture's luma, and what they tell of it. Used again for each picture; makes no
 * garbage. For one thread.
 */
final class LumaSample {

  /** Rows that are read, at equal distances. */
  static final int ROWS = 24;

  /** Of each row this many pixels, at equal distances, count for light and detail. */
  private static final int COLUMNS = 48;

  private final CRC32 crc = new CRC32();
  private byte[] row = new byte[0];
  private long sum;
  private long sumOfSquares;
  private long sumOfSteps;
  private boolean isFullRange;

  /** Reads a picture; it must stay open meanwhile. */
  void read(Image image) {
    int bytes = image.format().rowBytes(0, image.width());
    if (row.length < bytes) {
      row = new byte[bytes];
    }
    crc.reset();
    sum = 0;
    sumOfSquares = 0;
    sumOfSteps = 0;
    isFullRange = image.isFullRange();
    for (int i = 0; i < ROWS; i++) {
      image.copyRow(0, (2 * i + 1) * image.height() / (2 * ROWS), row);
      crc.update(row, 0, bytes);
      count(image.width(), image.format());
    }
  }

  private void count(int width, PixelFormat format) {
    int last = -1;
    for (int i = 0; i < COLUMNS; i++) {
      int luma =
          row[format.lumaOffset() + (2 * i + 1) * width / (2 * COLUMNS) * format.lumaStep()] & 0xff;
      sum += luma;
      sumOfSquares += (long) luma * luma;
      sumOfSteps += last < 0 ? 0 : Math.abs(luma - last);
      last = luma;
    }
  }

  /** The same for pictures that are the same in these rows. */
  long hash() {
    return crc.getValue();
  }

  /** Mean luma, 0 to 255 from black to white. */
  double mean() {
    double mean = (double) sum / (ROWS * COLUMNS);
    return isFullRange ? mean : Math.max(0, mean - 16) * 255 / 219;
  }

  /** Standard deviation of luma: how far from one even tone. */
  double deviation() {
    double mean = (double) sum / (ROWS * COLUMNS);
    double variance = (double) sumOfSquares / (ROWS * COLUMNS) - mean * mean;
    return Math.sqrt(Math.max(0, variance));
  }

  /** Mean step of luma from one pixel that counts to the next in its row. */
  double detail() {
    return (double) sumOfSteps / (ROWS * (COLUMNS - 1));
  }
}
