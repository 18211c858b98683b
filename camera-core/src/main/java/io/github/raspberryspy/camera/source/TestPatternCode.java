package io.github.raspberryspy.camera.source;

/**
 * The coded strip at the bottom of a test picture: the frame number in 48 light and dark cells.
 *
 * <pre>
 *   cell   0 1   2 ... 33            34 ... 45   46 47
 *          L D   number, high first  CRC-12      D  L      L light, D dark
 *
 *   picture at least 96 wide:  one row of 48 cells, the lowest 1/48 of the picture
 *   narrower:                  four rows of 12 cells, the lowest 1/4
 * </pre>
 *
 * <p>All edges are shares of the picture, so that it can be read from a scaled copy without knowing
 * the original's size; where a share is less than 4 rows, the strip is 4 rows high, and the reader
 * looks at the lowest of them. The number counts modulo 2<sup>32</sup>.
 */
final class TestPatternCode {

  static final int CELLS = 48;
  static final byte LIGHT = (byte) 152;
  static final byte DARK = 24;

  private static final int NARROW = 96;
  private static final int MIN_ROWS = 4;
  private static final int CRC_BITS = 12;
  private static final int CRC_POLYNOMIAL = 0x80f;

  /** The two ways in which the cells are laid out. */
  enum Grid {
    WIDE(48, 1, 1.0 / 48),
    NARROW(12, 4, 1.0 / 4);

    final int columns;
    final int rows;
    final double share;

    Grid(int columns, int rows, double share) {
      this.columns = columns;
      this.rows = rows;
      this.share = share;
    }
  }

  private TestPatternCode() {}

  static Grid grid(int width) {
    return width < NARROW ? Grid.NARROW : Grid.WIDE;
  }

  /** First row of the strip, even. */
  static int top(int width, int height) {
    int rows = (int) Math.round(height * grid(width).share);
    return (height - Math.max(MIN_ROWS, rows)) & ~1;
  }

  /** The cells for a frame number, the first one in the highest of 48 bits. */
  static long encode(long number) {
    long low = number & 0xffff_ffffL;
    return (0b10L << 46) | (low << 14) | ((long) crc(low) << 2) | 0b01L;
  }

  /** Whether these cells are a code: the frame number is {@link #number} then. */
  static boolean isValid(long cells) {
    return encode(number(cells)) == cells;
  }

  static long number(long cells) {
    return (cells >>> 14) & 0xffff_ffffL;
  }

  static boolean isLight(long cells, int cell) {
    return ((cells >>> (CELLS - 1 - cell)) & 1) != 0;
  }

  /** Draws the strip. */
  static void draw(TestPatternCanvas canvas, TestPatternLayout layout, long number) {
    long cells = encode(number);
    Grid grid = grid(layout.width());
    int top = layout.code().y();
    for (int row = 0; row < grid.rows; row++) {
      int bottom = row == grid.rows - 1 ? layout.height() : edge(grid, layout.height(), row + 1);
      for (int column = 0; column < grid.columns; column++) {
        int left = column * layout.width() / grid.columns;
        int right = (column + 1) * layout.width() / grid.columns;
        byte luma = isLight(cells, row * grid.columns + column) ? LIGHT : DARK;
        canvas.fillLuma(left, top, right - left, bottom - top, luma);
      }
      top = bottom;
    }
  }

  private static int edge(Grid grid, int height, int row) {
    return (int) Math.round(height * (1 - grid.share + grid.share * row / grid.rows));
  }

  private static int crc(long number) {
    int crc = (1 << CRC_BITS) - 1;
    for (int bit = 31; bit >= 0; bit--) {
      int top = (crc >>> (CRC_BITS - 1)) ^ (int) ((number >>> bit) & 1);
      crc = (crc << 1) & ((1 << CRC_BITS) - 1);
      if (top != 0) {
        crc ^= CRC_POLYNOMIAL;
      }
    }
    return crc;
  }
}
