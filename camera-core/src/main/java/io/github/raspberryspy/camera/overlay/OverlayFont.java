package io.github.raspberryspy.camera.overlay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;

/** Letters of 6 by 12 dots, which the program brings along: no font of the system is needed. */
final class OverlayFont {

  /** Dots from top to bottom of a letter, and from one line to the next. */
  static final int ROWS = 12;

  /** Dots from left to right of a letter, and from one letter to the next. */
  static final int COLUMNS = 6;

  /** By letter: the rows from the top, the leftmost dot in the top bit. */
  private static final Map<Character, byte[]> GLYPHS = read();

  private OverlayFont() {}

  /** Whether it has a shape for this letter. */
  static boolean has(char letter) {
    return GLYPHS.containsKey(letter);
  }

  /** The rows of a letter, from the top. */
  static byte[] rows(char letter) {
    return GLYPHS.get(letter);
  }

  /** Whether a row has a dot there. */
  static boolean isSet(byte row, int column) {
    return (row << column & 0x80) != 0;
  }

  private static Map<Character, byte[]> read() {
    try (InputStream in = OverlayFont.class.getResourceAsStream("font.hex");
        BufferedReader file =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      return file.lines()
          .filter(line -> !line.startsWith("#"))
          .collect(
              Collectors.toUnmodifiableMap(
                  line -> (char) HexFormat.fromHexDigits(line, 0, 4),
                  line -> HexFormat.of().parseHex(line, 5, line.length())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
