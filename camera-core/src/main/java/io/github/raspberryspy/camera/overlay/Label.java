package io.github.raspberryspy.camera.overlay;

import java.util.Arrays;
import java.util.List;

/**
 * Lines of light letters on a dark strip, as luma: drawn when the text changes, then copied into
 * each picture. For one thread.
 */
final class Label {

  private static final int ROWS_TO_A_DOT = 300; // of the picture

  private final byte dark;
  private final byte light;
  private final int scale;
  private final int width;
  private final int height;
  private final byte[] luma;

  /**
   * Room for lines in a picture; letters are as large as the picture's height asks for and as its
   * width allows, and what does not fit even at one pixel a dot is cut off.
   *
   * @param letters of the longest line
   */
  Label(int lines, int letters, int pictureWidth, int pictureHeight, boolean isFullRange) {
    this.dark = (byte) (isFullRange ? 0 : 16);
    this.light = (byte) (isFullRange ? 255 : 235);
    int columns = letters * OverlayFont.COLUMNS + 2;
    int rows = lines * OverlayFont.ROWS + 2;
    int wanted = Math.round((float) pictureHeight / ROWS_TO_A_DOT);
    this.scale = Math.max(1, Math.min(wanted, pictureWidth / columns));
    this.width = Math.min(pictureWidth & ~1, even(columns * scale));
    this.height = Math.min(pictureHeight & ~1, even(rows * scale));
    this.luma = new byte[width * height];
  }

  /** Draws these lines instead of those before. */
  void draw(List<String> lines) {
    Arrays.fill(luma, dark);
    for (int line = 0; line < lines.size(); line++) {
      int top = (1 + line * OverlayFont.ROWS) * scale;
      String text = lines.get(line);
      for (int i = 0; i < text.length(); i++) {
        draw(OverlayFont.rows(text.charAt(i)), (1 + i * OverlayFont.COLUMNS) * scale, top);
      }
    }
  }

  private void draw(byte[] rows, int left, int top) {
    for (int y = 0; y < OverlayFont.ROWS * scale && top + y < height; y++) {
      for (int x = 0; x < OverlayFont.COLUMNS * scale && left + x < width; x++) {
        if (OverlayFont.isSet(rows[y / scale], x / scale)) {
          luma[(top + y) * width + left + x] = light;
        }
      }
    }
  }

  int scale() {
    return scale;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  byte[] luma() {
    return luma;
  }

  private static int even(int n) {
    return n + (n & 1);
  }
}
