package io.github.raspberryspy.camera.overlay;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads a label back from a picture: each letter is the one whose dots agree best. */
final class LabelReader {

  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:;-_+/#()!?'\"&@%*=<>";

  private final ByteBuffer luma;
  private final int stride;
  private final int scale;

  LabelReader(ByteBuffer luma, int stride, int scale) {
    this.luma = luma;
    this.stride = stride;
    this.scale = scale;
  }

  /** So many letters of a line. */
  String line(int line, int letters) {
    StringBuilder text = new StringBuilder();
    int top = (1 + line * (OverlayFont.ROWS + 1)) * scale;
    for (int i = 0; i < letters; i++) {
      text.append(letter((1 + i * OverlayFont.ADVANCE) * scale, top));
    }
    return text.toString();
  }

  private char letter(int left, int top) {
    char best = '\0';
    int fewest = Integer.MAX_VALUE;
    for (int i = 0; i < LETTERS.length(); i++) {
      char letter = LETTERS.charAt(i);
      int differences = 0;
      for (int row = 0; row < OverlayFont.ROWS; row++) {
        for (int column = 0; column < OverlayFont.COLUMNS; column++) {
          int at = (top + row * scale + scale / 2) * stride + left + column * scale + scale / 2;
          boolean isLight = (luma.get(at) & 0xff) > 125;
          differences += isLight == OverlayFont.isSet(letter, column, row) ? 0 : 1;
        }
      }
      if (differences < fewest) {
        fewest = differences;
        best = letter;
      }
    }
    return best;
  }

  static List<Boolean> dots(char letter) {
    List<Boolean> dots = new ArrayList<>();
    for (int i = 0; i < OverlayFont.ROWS * OverlayFont.COLUMNS; i++) {
      dots.add(OverlayFont.isSet(letter, i % OverlayFont.COLUMNS, i / OverlayFont.COLUMNS));
    }
    return dots;
  }
}
