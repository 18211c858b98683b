package io.github.raspberryspy.segments;

import java.util.List;
import java.util.stream.Stream;

/**
 * An upright rectangle in shares of the picture: 0 is left or top, 1 is right or bottom.
 *
 * @param x left edge, 0 to 1
 * @param y top edge, 0 to 1
 * @param width 0 to 1
 * @param height 0 to 1
 */
public record Box(double x, double y, double width, double height) {

  /** Checks that the box lies inside the picture; a rounding error of 0.1 % is let through. */
  public Box {
    if (!(x >= 0
        && y >= 0
        && width >= 0
        && height >= 0
        && x + width <= 1.001
        && y + height <= 1.001)) {
      throw new IllegalArgumentException(
          "box " + x + "," + y + " " + width + "x" + height + " leaves the picture (0 to 1)");
    }
  }

  /** The smallest box that holds both. */
  public Box union(Box other) {
    double left = Math.min(x, other.x);
    double top = Math.min(y, other.y);
    return new Box(
        left,
        top,
        Math.max(x + width, other.x + other.width) - left,
        Math.max(y + height, other.y + other.height) - top);
  }

  /**
   * Reads a list of them, {@code X,Y,WIDTH,HEIGHT} with semicolons between.
   *
   * @throws IllegalArgumentException if it is none, or one of them leaves the picture or is empty
   */
  public static List<Box> list(String text) {
    return Stream.of(text.split(";", -1)).filter(one -> !one.isBlank()).map(Box::parse).toList();
  }

  private static Box parse(String text) {
    String[] n = text.split(",", -1);
    if (n.length != 4) {
      throw new IllegalArgumentException(text);
    }
    Box box =
        new Box(
            Double.parseDouble(n[0]),
            Double.parseDouble(n[1]),
            Double.parseDouble(n[2]),
            Double.parseDouble(n[3]));
    if (box.width() == 0 || box.height() == 0) {
      throw new IllegalArgumentException(text); // it would hide nothing
    }
    return box;
  }
}
