package io.github.raspberryspy.camera.source;

/** Letters of 5 by 7 dots: the digits and what else a time code needs. */
final class TestPatternFont {

  /** Dots from top to bottom of a letter. */
  static final int ROWS = 7;

  /** Dots from left to right of a letter. */
  static final int COLUMNS = 5;

  /** Dots from one letter to the next. */
  static final int ADVANCE = 6;

  private static final String LETTERS = "0123456789:.# ";

  /** For each letter its rows from the top, the leftmost dot in bit 4. */
  private static final byte[][] ROWS_OF = {
    {0b01110, 0b10001, 0b10001, 0b10101, 0b10001, 0b10001, 0b01110},
    {0b00100, 0b01100, 0b10100, 0b00100, 0b00100, 0b00100, 0b11111},
    {0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111},
    {0b11110, 0b00001, 0b00001, 0b01110, 0b00001, 0b00001, 0b11110},
    {0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010},
    {0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110},
    {0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110},
    {0b11111, 0b00001, 0b00010, 0b00010, 0b00100, 0b00100, 0b00100},
    {0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110},
    {0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100},
    {0b00000, 0b00100, 0b00100, 0b00000, 0b00100, 0b00100, 0b00000},
    {0b00000, 0b00000, 0b00000, 0b00000, 0b00000, 0b00100, 0b00100},
    {0b00000, 0b01010, 0b11111, 0b01010, 0b11111, 0b01010, 0b00000},
    {0b00000, 0b00000, 0b00000, 0b00000, 0b00000, 0b00000, 0b00000},
  };

  private TestPatternFont() {}

  /** Dots from the left of the first to the right of the last of so many letters. */
  static int dots(int letters) {
    return letters * ADVANCE - (ADVANCE - COLUMNS);
  }

  /** Whether a letter has a dot there. */
  static boolean isSet(char letter, int column, int row) {
    return ((ROWS_OF[LETTERS.indexOf(letter)][row] >> (COLUMNS - 1 - column)) & 1) != 0;
  }
}
