package io.github.raspberryspy.camera.source;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * A part of a scene, painted row by row over what lies behind it. Places are in heights of the
 * picture: {@code u} to the right from its middle, {@code v} downwards from its top.
 */
@FunctionalInterface
interface TestPatternStroke {

  /** Paints its pixels of one row. */
  void paint(Row row);

  /** One row of the picture while it is painted; colours from 0 to 1. */
  final class Row {
    final int width;
    final int height;
    private final float[][] parts;
    private final Map<DoubleUnaryOperator, double[]> columns = new HashMap<>();
    private int y;

    Row(int width, int height) {
      this.width = width;
      this.height = height;
      parts = new float[3][width];
    }

    void moveTo(int row) {
      y = row;
    }

    int y() {
      return y;
    }

    double v() {
      return (y + 0.5) / height;
    }

    double u(double x) {
      return (x + 0.5 - width / 2.0) / height;
    }

    /** The column of the picture that lies nearest to a place. */
    int column(double u) {
      return (int) Math.max(0, Math.min(width, Math.round(u * height + width / 2.0)));
    }

    /** The values of a function of {@code u} for all columns; computed once. */
    double[] columns(DoubleUnaryOperator function) {
      return columns.computeIfAbsent(
          function,
          f -> IntStream.range(0, width).mapToDouble(x -> f.applyAsDouble(u(x))).toArray());
    }

    float part(int part, int x) {
      return parts[part][x];
    }

    /** Gives the whole row the colour of its first pixel. */
    void spreadFirst() {
      for (float[] part : parts) {
        Arrays.fill(part, part[0]);
      }
    }

    void mix(int x, int colour, double share) {
      mix(x, rgb(colour), (float) share);
    }

    /** Pulls a pixel towards a colour of three parts from 0 to 1. */
    void mix(int x, float[] colour, float share) {
      parts[0][x] += (colour[0] - parts[0][x]) * share;
      parts[1][x] += (colour[1] - parts[1][x]) * share;
      parts[2][x] += (colour[2] - parts[2][x]) * share;
    }

    static float[] rgb(int colour) {
      return new float[] {
        ((colour >> 16) & 0xff) / 255f, ((colour >> 8) & 0xff) / 255f, (colour & 0xff) / 255f
      };
    }
  }

  /**
   * A gradient from top to bottom, over the whole picture, through colours that stand at heights.
   */
  static TestPatternStroke sky(double[] heights, int[] colours) {
    return row -> {
      int next = 1;
      while (next < heights.length - 1 && heights[next] < row.v()) {
        next++;
      }
      double share = (row.v() - heights[next - 1]) / (heights[next] - heights[next - 1]);
      row.mix(0, colours[next - 1], 1);
      row.mix(0, colours[next], Math.max(0, Math.min(1, share)));
      row.spreadFirst();
    };
  }

  /** A soft ellipse: strongest in the middle, nothing at its edge. */
  static TestPatternStroke glow(
      double u, double v, double ru, double rv, int colour, double strength) {
    float[] rgb = Row.rgb(colour);
    return row -> {
      double down = (row.v() - v) / rv;
      if (Math.abs(down) >= 1) {
        return;
      }
      double reach = ru * Math.sqrt(1 - down * down);
      int end = row.column(u + reach);
      for (int x = row.column(u - reach); x < end; x++) {
        double across = (row.u(x) - u) / ru;
        double inside = Math.max(0, 1 - across * across - down * down);
        row.mix(x, rgb, (float) (strength * inside * inside));
      }
    };
  }

  /** A disc. */
  static TestPatternStroke disc(double u, double v, double radius, int colour) {
    return row -> {
      int reach = (int) (radius * row.height) + 2;
      if (Math.abs(row.v() - v) * row.height > reach) {
        return;
      }
      int middle = row.column(u);
      for (int x = Math.max(0, middle - reach); x < Math.min(row.width, middle + reach); x++) {
        double out = Math.hypot(row.u(x) - u, row.v() - v) - radius;
        row.mix(x, colour, covered(-out * row.height));
      }
    };
  }

  /**
   * All below a ridge; it fades from one colour to another over so much height.
   *
   * @param hidden from here downwards something else will lie over all of it
   */
  static TestPatternStroke hill(
      DoubleUnaryOperator ridge, int crest, int foot, double fade, double hidden) {
    float[] top = Row.rgb(crest);
    float[] bottom = Row.rgb(foot);
    return row -> {
      if (row.v() > hidden) {
        return;
      }
      double[] edge = row.columns(ridge);
      for (int x = 0; x < row.width; x++) {
        double depth = row.v() - edge[x];
        double cover = covered(depth * row.height);
        if (cover > 0) {
          row.mix(x, top, (float) cover);
          row.mix(x, bottom, (float) (cover * Math.max(0, Math.min(1, depth / fade))));
        }
      }
    };
  }

  /** A polygon; its corners are {@code u, v, u, v, …}. */
  static TestPatternStroke polygon(int colour, double... corners) {
    double left = Double.MAX_VALUE;
    double right = -Double.MAX_VALUE;
    double top = Double.MAX_VALUE;
    double bottom = -Double.MAX_VALUE;
    for (int i = 0; i < corners.length; i += 2) {
      left = Math.min(left, corners[i]);
      right = Math.max(right, corners[i]);
      top = Math.min(top, corners[i + 1]);
      bottom = Math.max(bottom, corners[i + 1]);
    }
    double[] box = {left, right, top, bottom};
    return row -> {
      double pixel = 1.0 / row.height;
      if (row.v() + pixel > box[2] && row.v() - pixel < box[3]) {
        int end = Math.min(row.width, row.column(box[1]) + 1);
        for (int x = Math.max(0, row.column(box[0]) - 1); x < end; x++) {
          row.mix(x, colour, coverage(corners, row.u(x), row.v(), pixel));
        }
      }
    };
  }

  /** Share of a pixel that lies in a polygon. */
  private static double coverage(double[] corners, double u, double v, double pixel) {
    int grid = 4;
    int inside = 0;
    for (int down = 0; down < grid; down++) {
      for (int across = 0; across < grid; across++) {
        double sampleU = u + ((across + 0.5) / grid - 0.5) * pixel;
        double sampleV = v + ((down + 0.5) / grid - 0.5) * pixel;
        if (contains(corners, sampleU, sampleV)) {
          inside++;
        }
      }
    }
    return (double) inside / (grid * grid);
  }

  private static boolean contains(double[] corners, double u, double v) {
    boolean inside = false;
    int last = corners.length - 2;
    for (int i = 0; i < corners.length; i += 2) {
      double crossing =
          corners[i]
              + (v - corners[i + 1])
                  / (corners[last + 1] - corners[i + 1])
                  * (corners[last] - corners[i]);
      if (corners[i + 1] > v != corners[last + 1] > v && u < crossing) {
        inside = !inside;
      }
      last = i;
    }
    return inside;
  }

  /** How much of a pixel is covered, whose middle lies so many pixels within an edge. */
  private static double covered(double pixelsInside) {
    return Math.max(0, Math.min(1, pixelsInside + 0.5));
  }
}
