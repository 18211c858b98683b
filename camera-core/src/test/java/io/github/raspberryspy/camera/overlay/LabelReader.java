package io.github.raspberryspy.camera.overlay;

import java.nio.ByteBuffer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads a label back from a picture: each letter is the one whose dots agree best. */
final class LabelReader {

  private static final String LETTERS =
      IntStream.concat(IntStream.rangeClosed(' ', '~'), IntStream.rangeClosed('¡', 'ž'))
          .filter(letter -> OverlayFont.has((char) letter))
          .mapToObj(Character::toString)
          .collect(Collectors.joining());

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
    int top = (1 + line * OverlayFont.ROWS) * scale;
    for (int i = 0; i < letters; i++) {
      text.append(letter((1 + i * OverlayFont.COLUMNS) * scale, top));
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
          differences +=
              isLight == OverlayFont.isSet(OverlayFont.rows(letter)[row], column) ? 0 : 1;
        }
      }
      if (differences < fewest) {
        fewest = differences;
        best = letter;
      }
    }
    return best;
  }
}
