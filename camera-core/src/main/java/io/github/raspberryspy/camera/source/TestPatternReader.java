package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.Image;
import io.github.raspberryspy.camera.source.TestPatternCode.Grid;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * Reads the frame number back from a picture of a {@code test:} source, also after it was encoded,
 * blurred or scaled: a cell must keep about 2 pixels.
 *
 * <p>Thread-safe.
 */
public final class TestPatternReader {

  private static final int MIN_CONTRAST = 48;

  private TestPatternReader() {}

  /** Frame number (modulo 2<sup>32</sup>) in an image whose luma stands alone: not YUYV. */
  public static OptionalLong frameNumber(Image image) {
    return frameNumber(image.plane(0), image.stride(0), image.width(), image.height());
  }

  /**
   * Frame number, modulo 2<sup>32</sup>, in a picture.
   *
   * @param luma the luma plane, its first byte at index 0; read, never moved
   * @param stride bytes from one row to the next
   * @param width pixels across
   * @param height pixels down
   * @return empty, where there is no legible number
   */
  public static OptionalLong frameNumber(ByteBuffer luma, int stride, int width, int height) {
    for (Grid grid : Grid.values()) {
      long cells = cells(luma, stride, width, height, grid);
      if (TestPatternCode.isValid(cells)) {
        return OptionalLong.of(TestPatternCode.number(cells));
      }
    }
    return OptionalLong.empty();
  }

  /** Which cells are light; 0, which is no code, where the marks at the ends do not stand out. */
  private static long cells(ByteBuffer luma, int stride, int width, int height, Grid grid) {
    int[] means = new int[TestPatternCode.CELLS];
    double cellWidth = (double) width / grid.columns;
    double cellHeight = height * grid.share / grid.rows;
    for (int cell = 0; cell < means.length; cell++) {
      double x = (cell % grid.columns + 0.5) * cellWidth;
      double y = height - (grid.rows - cell / grid.columns - 0.5) * cellHeight;
      means[cell] = mean(luma, stride, new Span(x, cellWidth), new Span(y, cellHeight));
    }
    int light = Math.min(means[0], means[means.length - 1]);
    int dark = Math.max(means[1], means[means.length - 2]);
    if (light - dark < MIN_CONTRAST) {
      return 0;
    }
    long cells = 0;
    for (int mean : means) {
      cells = (cells << 1) | (mean > (light + dark) / 2 ? 1 : 0);
    }
    return cells;
  }

  private static int mean(ByteBuffer luma, int stride, Span columns, Span rows) {
    int sum = 0;
    for (int y = rows.from; y < rows.to; y++) {
      for (int x = columns.from; x < columns.to; x++) {
        sum += luma.get(y * stride + x) & 0xff;
      }
    }
    return sum / ((rows.to - rows.from) * (columns.to - columns.from));
  }

  /** The middle half of a cell in one direction, one pixel at least. */
  private static final class Span {
    final int from;
    final int to;

    Span(double middle, double size) {
      double half = Math.max(0.5, size / 4);
      from = (int) Math.floor(middle - half + 0.5);
      to = (int) Math.floor(middle + half + 0.5);
    }
  }
}
