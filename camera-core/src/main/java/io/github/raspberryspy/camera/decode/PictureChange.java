package io.github.raspberryspy.camera.decode;

import io.github.raspberryspy.camera.Image;
import io.github.raspberryspy.camera.PixelFormat;
import java.util.Arrays;

/**
 * Compares keyframes, a second or so apart, with what the scene usually looks like: what has come
 * meanwhile and is too small or too slow for the packets to tell is seen here. Each cell learns how
 * much it varies, so noise, leaves and a burnt-in clock are part of the usual; the light of the
 * picture as a whole counts for nothing.
 *
 * <p>It reads a third of the rows and costs less than a millisecond. For one thread.
 */
final class PictureChange {

  /** Cells across; as many down as make them square. */
  private static final int COLUMNS = 128;

  private static final int ROW_STEP = 3;

  /**
   * Pixels across. Smaller cells are off together, with the block of the encoder that they share.
   */
  private static final int LEAST_CELL = 8;

  /** A cell has changed beyond its mean deviation times this; four standard deviations. */
  private static final double MOST_DEVIATIONS = 5;

  /** Of the logarithm of luma. */
  private static final float FIRST_DEVIATION = 0.02f;

  private static final float LEAST_DEVIATION = 0.003f;
  private static final int FIRST_PICTURES = 4;
  private static final float LEARNING = 1 / 4f;
  private static final float DEVIATION_LEARNING = 1 / 8f;

  /** One cell of so many tells the median; prime, so that it is not always the same column. */
  private static final int MEDIAN_STEP = 7;

  /** So that black is not all noise. */
  private static final int OFFSET = 16;

  private int width;
  private int height;
  private int columns;
  private int rows;
  private float[] usual = new float[0];
  private float[] deviation = new float[0];
  private float[] now = new float[0];
  private float[] sorted = new float[0];
  private int[] sums = new int[0];
  private int[] counts = new int[0];
  private boolean[] isOff = new boolean[0];
  private byte[] row = new byte[0];
  private boolean isLearnt = true; // the picture that was looked at last
  private long pictures;

  /** Whether it has seen enough to judge. */
  boolean isKnown() {
    return pictures >= FIRST_PICTURES;
  }

  /**
   * Looks at a picture, which must stay open meanwhile.
   *
   * @return whether anything in it is out of the ordinary, or nothing is known
   */
  boolean look(Image image) {
    if (image.width() != width || image.height() != height) {
      resize(image);
    }
    read(image);
    if (pictures > 0) {
      evenOut();
    }
    isLearnt = false;
    return !isKnown() || hasChanged();
  }

  /**
   * Learns from the picture that was looked at last, once: nothing moved in it, or it is one of the
   * first. What goes that was in those will be a change.
   */
  void learn() {
    if (isLearnt) {
      return;
    }
    isLearnt = true;
    pictures++;
    if (pictures == 1) {
      System.arraycopy(now, 0, usual, 0, now.length);
      return;
    }
    float rate = Math.max(LEARNING, 1f / pictures);
    float second = Math.max(DEVIATION_LEARNING, 1f / (pictures + 1));
    for (int i = 0; i < now.length; i++) {
      float difference = now[i] - usual[i];
      deviation[i] += second * (Math.abs(difference) - deviation[i]);
      usual[i] += rate * difference;
    }
  }

  private void resize(Image image) {
    width = image.width();
    height = image.height();
    columns = Math.max(1, Math.min(COLUMNS, width / LEAST_CELL));
    rows = Math.max(1, Math.min(height / ROW_STEP, height * columns / width));
    int cells = columns * rows;
    usual = new float[cells];
    now = new float[cells];
    sorted = new float[(cells + MEDIAN_STEP - 1) / MEDIAN_STEP];
    sums = new int[cells];
    counts = new int[cells];
    isOff = new boolean[cells];
    deviation = new float[cells];
    Arrays.fill(deviation, FIRST_DEVIATION);
    pictures = 0;
  }

  private void read(Image image) {
    PixelFormat format = image.format();
    int bytes = format.rowBytes(0, width);
    if (row.length < bytes) {
      row = new byte[bytes];
    }
    Arrays.fill(sums, 0);
    Arrays.fill(counts, 0);
    for (int y = 0; y < height; y += ROW_STEP) {
      image.copyRow(0, y, row);
      add(y * rows / height * columns, format);
    }
    for (int i = 0; i < now.length; i++) {
      now[i] = (float) Math.log(OFFSET + (double) sums[i] / Math.max(1, counts[i]));
    }
  }

  private void add(int firstCell, PixelFormat format) {
    int step = format.lumaStep();
    int at = format.lumaOffset();
    for (int column = 0; column < columns; column++) {
      int end = (column + 1) * width / columns * step;
      int sum = 0;
      int count = 0;
      for (; at < end; at += step) {
        sum += row[at] & 0xff;
        count++;
      }
      sums[firstCell + column] += sum;
      counts[firstCell + column] += count;
    }
  }

  /** Takes out what is brighter or darker all over. */
  private void evenOut() {
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = now[i * MEDIAN_STEP] - usual[i * MEDIAN_STEP];
    }
    Arrays.sort(sorted);
    float median = sorted[sorted.length / 2];
    for (int i = 0; i < now.length; i++) {
      now[i] -= median;
    }
  }

  /** One cell alone may be chance; two that touch are not. */
  private boolean hasChanged() {
    for (int i = 0; i < now.length; i++) {
      double most = MOST_DEVIATIONS * Math.max(LEAST_DEVIATION, scatter(i));
      isOff[i] = Math.abs(now[i] - usual[i]) > most;
      boolean isFirst = i % columns == 0;
      boolean isLast = i % columns == columns - 1;
      if (isOff[i]
          && ((!isFirst && isOff[i - 1])
              || (i >= columns
                  && (isOff[i - columns]
                      || (!isFirst && isOff[i - columns - 1])
                      || (!isLast && isOff[i - columns + 1]))))) {
        return true;
      }
    }
    return false;
  }

  /** A cell's deviation, or its neighbourhood's: few pictures tell little of one cell. */
  private float scatter(int i) {
    float left = deviation[i % columns == 0 ? i : i - 1];
    float right = deviation[i % columns == columns - 1 ? i : i + 1];
    float above = deviation[i < columns ? i : i - columns];
    float below = deviation[i + columns < now.length ? i + columns : i];
    return Math.max(deviation[i], (left + right + above + below + deviation[i]) / 5);
  }
}
