package io.github.raspberryspy.segments;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * An area of the picture with straight sides, in shares of the picture: 0 is left or top, 1 is
 * right or bottom. Its first point need not be repeated at the end. Immutable.
 *
 * <p>The constructor throws {@link IllegalArgumentException} with what is wrong and what is
 * allowed: too few or too many points, one outside of the picture, sides that cross or touch, or no
 * area to speak of.
 *
 * @param points its corners in order, either way round; {@link #LEAST_POINTS} to {@link
 *     #MOST_POINTS}
 */
public record Polygon(List<Point> points) {

  /** The fewest corners. */
  public static final int LEAST_POINTS = 3;

  /** The most corners. */
  public static final int MOST_POINTS = 32;

  /** The smallest area, as a share of the picture. */
  public static final double LEAST_AREA = 0.0001;

  /**
   * A place in the picture.
   *
   * @param x 0 is the left edge, 1 the right one
   * @param y 0 is the top edge, 1 the bottom one
   */
  public record Point(double x, double y) {}

  /** Checks the corners and copies the list. */
  public Polygon {
    points = List.copyOf(points);
    if (points.size() < LEAST_POINTS || points.size() > MOST_POINTS) {
      throw new IllegalArgumentException(
          "it has "
              + points.size()
              + " points; allowed are "
              + LEAST_POINTS
              + " to "
              + MOST_POINTS);
    }
    for (Point point : points) {
      if (!(point.x >= 0 && point.x <= 1 && point.y >= 0 && point.y <= 1)) {
        throw new IllegalArgumentException(
            "its point " + text(point) + " is not in the picture; allowed is 0 to 1 for x and y");
      }
    }
    requireSimple(points);
    if (area(points) < LEAST_AREA) {
      throw new IllegalArgumentException(
          "it covers no area; allowed is a ten-thousandth of the picture at least");
    }
  }

  /** The area of a box; its rounding error beyond the picture is cut off. */
  public static Polygon of(Box box) {
    double right = Math.min(1, box.x() + box.width());
    double bottom = Math.min(1, box.y() + box.height());
    return new Polygon(
        List.of(
            new Point(box.x(), box.y()),
            new Point(right, box.y()),
            new Point(right, bottom),
            new Point(box.x(), bottom)));
  }

  /** How much of the picture it covers, 0 to 1. */
  public double area() {
    return area(points);
  }

  /** Whether a place is inside. */
  public boolean contains(double x, double y) {
    boolean isInside = false;
    for (int i = 0; i < points.size(); i++) {
      Point a = points.get(i);
      Point b = points.get((i + 1) % points.size());
      if (a.y > y != b.y > y && x < xAt(a, b, y)) {
        isInside = !isInside;
      }
    }
    return isInside;
  }

  /**
   * From where to where it reaches within a horizontal strip of the picture: pairs of left and
   * right ends, in order; nothing of it within the strip lies outside of them.
   */
  public List<double[]> extents(double top, double bottom) {
    double[] heights = heights(top, bottom);
    List<double[]> found = new ArrayList<>();
    for (int i = 1; i < heights.length; i++) {
      addTrapezoids(heights[i - 1], heights[i], found);
    }
    found.sort((a, b) -> Double.compare(a[0], b[0]));
    List<double[]> merged = new ArrayList<>();
    for (double[] extent : found) {
      double[] last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (last != null && extent[0] <= last[1]) {
        last[1] = Math.max(last[1], extent[1]);
      } else {
        merged.add(extent);
      }
    }
    return merged;
  }

  /** The strip's edges and the corners within it: between two of them all sides are straight. */
  private double[] heights(double top, double bottom) {
    return DoubleStream.concat(
            DoubleStream.of(top, bottom),
            points.stream().mapToDouble(Point::y).filter(y -> y > top && y < bottom))
        .sorted()
        .distinct()
        .toArray();
  }

  private void addTrapezoids(double top, double bottom, List<double[]> to) {
    double middle = (top + bottom) / 2;
    List<Point[]> sides = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      Point a = points.get(i);
      Point b = points.get((i + 1) % points.size());
      if (a.y > middle != b.y > middle) {
        sides.add(new Point[] {a, b});
      }
    }
    sides.sort((s, t) -> Double.compare(xAt(s[0], s[1], middle), xAt(t[0], t[1], middle)));
    for (int i = 0; i + 1 < sides.size(); i += 2) {
      Point[] left = sides.get(i);
      Point[] right = sides.get(i + 1);
      to.add(
          new double[] {
            Math.min(xAt(left[0], left[1], top), xAt(left[0], left[1], bottom)),
            Math.max(xAt(right[0], right[1], top), xAt(right[0], right[1], bottom))
          });
    }
  }

  private static double xAt(Point a, Point b, double y) {
    return a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y);
  }

  private static double area(List<Point> points) {
    double twice = 0;
    for (int i = 0; i < points.size(); i++) {
      Point a = points.get(i);
      Point b = points.get((i + 1) % points.size());
      twice += a.x * b.y - b.x * a.y;
    }
    return Math.abs(twice) / 2;
  }

  private static void requireSimple(List<Point> points) {
    int n = points.size();
    for (int i = 0; i < n; i++) {
      Point a = points.get(i);
      Point b = points.get((i + 1) % n);
      if (a.equals(b)) {
        throw new IllegalArgumentException(
            "its point " + text(a) + " stands there twice in a row; allowed is once");
      }
      for (int j = i + 2; j < n; j++) {
        boolean isNeighbour = i == 0 && j == n - 1;
        if (!isNeighbour && touch(a, b, points.get(j), points.get((j + 1) % n))) {
          throw new IllegalArgumentException(
              "its side from "
                  + text(a)
                  + " crosses the one from "
                  + text(points.get(j))
                  + "; allowed are sides that do not meet");
        }
      }
    }
  }

  private static boolean touch(Point a, Point b, Point c, Point d) {
    double first = side(a, b, c);
    double second = side(a, b, d);
    double third = side(c, d, a);
    double fourth = side(c, d, b);
    if (first * second < 0 && third * fourth < 0) {
      return true;
    }
    return (first == 0 && isBetween(a, b, c))
        || (second == 0 && isBetween(a, b, d))
        || (third == 0 && isBetween(c, d, a))
        || (fourth == 0 && isBetween(c, d, b));
  }

  private static double side(Point a, Point b, Point of) {
    return (b.x - a.x) * (of.y - a.y) - (b.y - a.y) * (of.x - a.x);
  }

  /** Of three points in a line: whether the third is between the others. */
  private static boolean isBetween(Point a, Point b, Point c) {
    return c.x >= Math.min(a.x, b.x)
        && c.x <= Math.max(a.x, b.x)
        && c.y >= Math.min(a.y, b.y)
        && c.y <= Math.max(a.y, b.y);
  }

  private static String text(Point point) {
    return number(point.x) + "," + number(point.y);
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.4f", value);
    return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
  }
}
