package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.segments.Box;
import java.util.List;

/**
 * Where things stand in a test picture of some size: the time code, the coded strip, and between
 * them the open picture, in which the objects move. Whole pixels.
 *
 * @param clock the darkened strip with the time code, top left; even edges
 * @param clockText what fits into it
 * @param clockScale pixels for each dot of a letter
 * @param code the coded strip, along the bottom; even edges
 * @param openTop first row of the open picture
 */
record TestPatternLayout(
    int width,
    int height,
    Area clock,
    ClockText clockText,
    int clockScale,
    Area code,
    int openTop) {

  /** A rectangle of pixels. */
  record Area(int x, int y, int width, int height) {

    Box in(int pictureWidth, int pictureHeight) {
      return new Box(
          (double) x / pictureWidth,
          (double) y / pictureHeight,
          (double) width / pictureWidth,
          (double) height / pictureHeight);
    }
  }

  /** How much of the time code there is room for; its position in the full text. */
  enum ClockText {
    ALL(0, TestPatternClockFace.LENGTH),
    TIME(0, 12),
    NUMBER(14, TestPatternClockFace.LENGTH),
    DIGITS(17, TestPatternClockFace.LENGTH);

    final int from;
    final int to;

    ClockText(int from, int to) {
      this.from = from;
      this.to = to;
    }

    int dots() {
      return TestPatternFont.dots(to - from);
    }
  }

  static TestPatternLayout of(int width, int height) {
    boolean small = width < 160 || height < 120;
    int scale =
        Math.max(1, Math.min(Math.round(height / 240f), width * 6 / 10 / ClockText.ALL.dots()));
    int padding = small ? 1 : 2 * scale;
    int margin = small ? 0 : even(2 * scale);
    ClockText text = ClockText.DIGITS;
    for (ClockText candidate : ClockText.values()) {
      if (candidate.dots() * scale + 2 * (padding + margin) <= width) {
        text = candidate;
        break;
      }
    }
    Area clock =
        new Area(
            margin,
            margin,
            even(text.dots() * scale + 2 * padding),
            even(TestPatternFont.ROWS * scale + 2 * padding));
    int codeTop = TestPatternCode.top(width, height);
    return new TestPatternLayout(
        width,
        height,
        clock,
        text,
        scale,
        new Area(0, codeTop, width, height - codeTop),
        clock.y() + clock.height() + margin);
  }

  int clockPadding() {
    return (clock.height() - TestPatternFont.ROWS * clockScale) / 2;
  }

  /** Rows of the open picture. */
  int openHeight() {
    return code.y() - openTop;
  }

  List<Box> overlays() {
    return List.of(clock.in(width, height), code.in(width, height));
  }

  private static int even(int n) {
    return n + (n & 1);
  }
}
