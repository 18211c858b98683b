package io.github.raspberryspy.camera.overlay;

/**
 * Letters of 5 by 7 dots, drawn for this program: no font of the system is needed. Small letters
 * look like capitals.
 */
final class OverlayFont {

  /** Dots from top to bottom of a letter. */
  static final int ROWS = 7;

  /** Dots from left to right of a letter. */
  static final int COLUMNS = 5;

  /** Dots from one letter to the next. */
  static final int ADVANCE = 6;

  /** Each letter with its rows from the top. */
  private static final String GLYPHS =
      """
      0 .###. #...# #..## #.#.# ##..# #...# .###.
      1 ..#.. .##.. ..#.. ..#.. ..#.. ..#.. .###.
      2 .###. #...# ....# ..##. .#... #.... #####
      3 ####. ....# ....# .###. ....# ....# ####.
      4 ...#. ..##. .#.#. #..#. ##### ...#. ...#.
      5 ##### #.... ####. ....# ....# #...# .###.
      6 ..##. .#... #.... ####. #...# #...# .###.
      7 ##### ....# ...#. ..#.. .#... .#... .#...
      8 .###. #...# #...# .###. #...# #...# .###.
      9 .###. #...# #...# .#### ....# ...#. .##..
      A .###. #...# #...# ##### #...# #...# #...#
      B ####. #...# #...# ####. #...# #...# ####.
      C .###. #...# #.... #.... #.... #...# .###.
      D ####. #...# #...# #...# #...# #...# ####.
      E ##### #.... #.... ####. #.... #.... #####
      F ##### #.... #.... ####. #.... #.... #....
      G .###. #...# #.... #.### #...# #...# .####
      H #...# #...# #...# ##### #...# #...# #...#
      I .###. ..#.. ..#.. ..#.. ..#.. ..#.. .###.
      J ..### ...#. ...#. ...#. ...#. #..#. .##..
      K #...# #..#. #.#.. ##... #.#.. #..#. #...#
      L #.... #.... #.... #.... #.... #.... #####
      M #...# ##.## #.#.# #.#.# #...# #...# #...#
      N #...# ##..# #.#.# #.#.# #..## #...# #...#
      O .###. #...# #...# #...# #...# #...# .###.
      P ####. #...# #...# ####. #.... #.... #....
      Q .###. #...# #...# #...# #.#.# #..#. .##.#
      R ####. #...# #...# ####. #.#.. #..#. #...#
      S .#### #.... #.... .###. ....# ....# ####.
      T ##### ..#.. ..#.. ..#.. ..#.. ..#.. ..#..
      U #...# #...# #...# #...# #...# #...# .###.
      V #...# #...# #...# #...# #...# .#.#. ..#..
      W #...# #...# #...# #.#.# #.#.# ##.## #...#
      X #...# #...# .#.#. ..#.. .#.#. #...# #...#
      Y #...# #...# .#.#. ..#.. ..#.. ..#.. ..#..
      Z ##### ....# ...#. ..#.. .#... #.... #####
      . ..... ..... ..... ..... ..... .##.. .##..
      , ..... ..... ..... ..... .##.. ..#.. .#...
      : ..... .##.. .##.. ..... .##.. .##.. .....
      ; ..... .##.. .##.. ..... .##.. ..#.. .#...
      - ..... ..... ..... ##### ..... ..... .....
      _ ..... ..... ..... ..... ..... ..... #####
      + ..... ..#.. ..#.. ##### ..#.. ..#.. .....
      / ....# ....# ...#. ..#.. .#... #.... #....
      # .#.#. .#.#. ##### .#.#. ##### .#.#. .#.#.
      ( ...#. ..#.. .#... .#... .#... ..#.. ...#.
      ) .#... ..#.. ...#. ...#. ...#. ..#.. .#...
      ! ..#.. ..#.. ..#.. ..#.. ..#.. ..... ..#..
      ? .###. #...# ....# ...#. ..#.. ..... ..#..
      ' ..#.. ..#.. .#... ..... ..... ..... .....
      " .#.#. .#.#. .#.#. ..... ..... ..... .....
      & .##.. #..#. #.#.. .#... #.#.# #..#. .##.#
      @ .###. #...# ....# .##.# #.#.# #.#.# .###.
      % ##... ##..# ...#. ..#.. .#... #..## ...##
      * ..... #.#.# .###. ##### .###. #.#.# .....
      = ..... ..... ##### ..... ##### ..... .....
      < ...#. ..#.. .#... #.... .#... ..#.. ...#.
      > .#... ..#.. ...#. ....# ...#. ..#.. .#...
      """;

  /** By letter: the rows from the top, the leftmost dot in bit 4. */
  private static final byte[][] ROWS_OF = parse();

  private OverlayFont() {}

  /** Whether it has a shape for this letter. */
  static boolean has(char letter) {
    return letter < ROWS_OF.length && ROWS_OF[letter] != null;
  }

  /** Whether a letter has a dot there. */
  static boolean isSet(char letter, int column, int row) {
    return ((ROWS_OF[letter][row] >> (COLUMNS - 1 - column)) & 1) != 0;
  }

  /** Dots from the left of the first to the right of the last of so many letters. */
  static int dots(int letters) {
    return letters == 0 ? 0 : letters * ADVANCE - (ADVANCE - COLUMNS);
  }

  private static byte[][] parse() {
    byte[][] glyphs = new byte[128][];
    GLYPHS.lines().forEach(line -> glyphs[line.charAt(0)] = rows(line));
    glyphs[' '] = new byte[ROWS];
    for (char small = 'a'; small <= 'z'; small++) {
      glyphs[small] = glyphs[small - 'a' + 'A'];
    }
    return glyphs;
  }

  private static byte[] rows(String line) {
    byte[] rows = new byte[ROWS];
    for (int row = 0; row < ROWS; row++) {
      int at = 2 + row * (COLUMNS + 1);
      String dots = line.substring(at, at + COLUMNS);
      rows[row] = Byte.parseByte(dots.replace('.', '0').replace('#', '1'), 2);
    }
    return rows;
  }
}
