package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.source.TestPatternLayout.ClockText;
import java.util.Arrays;

/**
 * The time code: run time and frame number, {@code 00:00:12.345 #000370}. A number of 7 or 8 digits
 * grows into the space before it; hours count to 99, then from 0 again.
 *
 * <p>Not thread-safe.
 */
final class TestPatternClockFace {

  /** Letters of the full text. */
  static final int LENGTH = 21;

  private static final int TIME_LENGTH = 12;
  private static final int MIN_DIGITS = 6;
  private static final int MAX_DIGITS = 8;
  private static final byte TIME_LUMA = (byte) 232;
  private static final byte NUMBER_LUMA = (byte) 176;

  private final TestPatternLayout layout;
  private final char[] text = new char[LENGTH];

  TestPatternClockFace(TestPatternLayout layout) {
    this.layout = layout;
  }

  /** Writes it onto the strip, which must show the background. */
  void draw(TestPatternCanvas canvas, long number, long ptsUs) {
    compose(number, ptsUs);
    ClockText shown = layout.clockText();
    int scale = layout.clockScale();
    int left = layout.clock().x() + layout.clockPadding();
    int top = layout.clock().y() + layout.clockPadding();
    for (int i = shown.from; i < shown.to; i++) {
      int x = left + (i - shown.from) * TestPatternFont.ADVANCE * scale;
      letter(canvas, text[i], x, top, i < TIME_LENGTH ? TIME_LUMA : NUMBER_LUMA);
    }
  }

  /** The full text, for the frame. */
  String text(long number, long ptsUs) {
    compose(number, ptsUs);
    return new String(text);
  }

  private void letter(TestPatternCanvas canvas, char letter, int left, int top, byte luma) {
    int scale = layout.clockScale();
    for (int row = 0; row < TestPatternFont.ROWS; row++) {
      for (int column = 0; column < TestPatternFont.COLUMNS; column++) {
        if (TestPatternFont.isSet(letter, column, row)) {
          canvas.fillLuma(left + column * scale, top + row * scale, scale, scale, luma);
        }
      }
    }
  }

  private void compose(long number, long ptsUs) {
    long ms = ptsUs / 1000;
    Arrays.fill(text, ' ');
    digits(0, 2, ms / 3_600_000);
    text[2] = ':';
    digits(3, 2, ms / 60_000 % 60);
    text[5] = ':';
    digits(6, 2, ms / 1000 % 60);
    text[8] = '.';
    digits(9, 3, ms % 1000);
    int digits = MIN_DIGITS;
    for (long rest = number / 1_000_000; rest > 0 && digits < MAX_DIGITS; rest /= 10) {
      digits++;
    }
    digits(LENGTH - digits, digits, number);
    text[LENGTH - digits - 1] = '#';
  }

  private void digits(int at, int count, long value) {
    long rest = value;
    for (int i = at + count - 1; i >= at; i--) {
      text[i] = (char) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
