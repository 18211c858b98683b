package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.source.TestPatternBlob.Paint;
import java.nio.ByteBuffer;
import java.util.stream.IntStream;

/** A figure of some size, ready to be laid over a picture at any pixel. Immutable. */
final class TestPatternSprite {

  private static final int RED = 0;
  private static final int GREEN = 1;
  private static final int BLUE = 2;
  private static final int ALPHA = 3;

  private final int width;
  private final int height;
  private final Layer luma;

  /** For each parity of x and y: how the chroma samples lie over the pixels depends on it. */
  private final Layer[][] chroma = new Layer[4][];

  TestPatternSprite(TestPatternFigure figure, int width, int height) {
    this.width = width;
    this.height = height;
    float[][] pixels = sampled(figure, width, height);
    luma = new Layer(width, height);
    for (int i = 0; i < width * height; i++) {
      luma.set(i, pixels, TestPatternPlanes::luma);
    }
    luma.findRuns();
    for (int phase = 0; phase < chroma.length; phase++) {
      chroma[phase] = chroma(pixels, phase & 1, phase >> 1);
    }
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** Draws it; what lies out of the picture is cut off. */
  void draw(TestPatternCanvas canvas, int x, int y) {
    luma.draw(canvas.plane(0), canvas.stride(0), canvas.width(), x, y);
    Layer[] layers = chroma[(x & 1) + 2 * (y & 1)];
    for (int i = 0; i < layers.length; i++) {
      int stride = canvas.stride(1 + i);
      layers[i].draw(canvas.plane(1 + i), stride, canvas.width() / 2, x >> 1, y >> 1);
    }
  }

  /** One of the three parts of a colour. */
  @FunctionalInterface
  private interface Component {
    byte of(double red, double green, double blue);
  }

  /** Colours (multiplied by alpha) and alpha of all pixels, each 0 to 1, by samples in a grid. */
  private static float[][] sampled(TestPatternFigure figure, int width, int height) {
    float[][] pixels = new float[4][width * height];
    int grid = height > 400 ? 2 : 4;
    IntStream.range(0, height)
        .parallel()
        .forEach(row -> sample(figure, new Grid(grid, width, height), row, pixels));
    return pixels;
  }

  /** So many samples a pixel, across and down. */
  private record Grid(int samples, int width, int height) {}

  private static void sample(TestPatternFigure figure, Grid grid, int row, float[][] pixels) {
    int samples = grid.samples;
    float weight = 1f / (samples * samples);
    for (int y = row * samples; y < (row + 1) * samples; y++) {
      for (int x = 0; x < grid.width * samples; x++) {
        int rgb =
            figure.at((x + 0.5) / (grid.width * samples), (y + 0.5) / (grid.height * samples));
        if (rgb != Paint.NONE) {
          int at = row * grid.width + x / samples;
          pixels[RED][at] += weight * ((rgb >> 16) & 0xff) / 255;
          pixels[GREEN][at] += weight * ((rgb >> 8) & 0xff) / 255;
          pixels[BLUE][at] += weight * (rgb & 0xff) / 255;
          pixels[ALPHA][at] += weight;
        }
      }
    }
  }

  private Layer[] chroma(float[][] pixels, int phaseX, int phaseY) {
    int columns = (width + phaseX + 1) / 2;
    int rows = (height + phaseY + 1) / 2;
    float[][] halved = new float[4][columns * rows];
    for (int part = 0; part < halved.length; part++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int at = (y + phaseY) / 2 * columns + (x + phaseX) / 2;
          halved[part][at] += pixels[part][y * width + x] / 4;
        }
      }
    }
    Layer u = new Layer(columns, rows);
    Layer v = new Layer(columns, rows);
    for (int i = 0; i < columns * rows; i++) {
      u.set(i, halved, TestPatternPlanes::chromaU);
      v.set(i, halved, TestPatternPlanes::chromaV);
    }
    u.findRuns();
    v.findRuns();
    return new Layer[] {u, v};
  }

  /** One plane of it. */
  private static final class Layer {
    private final int columns;
    private final byte[] values;
    private final byte[] alphas;

    /** For each row the longest run of pixels that nothing shines through. */
    private final int[] runFrom;

    private final int[] runTo;

    Layer(int columns, int rows) {
      this.columns = columns;
      values = new byte[columns * rows];
      alphas = new byte[columns * rows];
      runFrom = new int[rows];
      runTo = new int[rows];
    }

    void set(int at, float[][] pixels, Component component) {
      double alpha = pixels[ALPHA][at];
      alphas[at] = (byte) Math.round(255 * alpha);
      if (alpha > 0) {
        values[at] =
            component.of(
                pixels[RED][at] / alpha, pixels[GREEN][at] / alpha, pixels[BLUE][at] / alpha);
      }
    }

    void findRuns() {
      for (int row = 0; row < runFrom.length; row++) {
        int from = 0;
        for (int x = 0; x <= columns; x++) {
          if (x == columns || alphas[row * columns + x] != (byte) 255) {
            if (x - from > runTo[row] - runFrom[row]) {
              runFrom[row] = from;
              runTo[row] = x;
            }
            from = x + 1;
          }
        }
      }
    }

    void draw(ByteBuffer to, int stride, int limit, int x, int y) {
      int left = Math.max(0, -x);
      int right = Math.min(columns, limit - x);
      for (int row = 0; row < runFrom.length; row++) {
        int source = row * columns;
        int target = (y + row) * stride + x;
        int from = Math.min(right, Math.max(left, runFrom[row]));
        int end = Math.max(from, Math.min(right, runTo[row]));
        blend(to, target, source, left, from);
        if (end > from) {
          to.put(target + from, values, source + from, end - from);
        }
        blend(to, target, source, end, right);
      }
    }

    private void blend(ByteBuffer to, int target, int source, int from, int end) {
      for (int x = from; x < end; x++) {
        int alpha = alphas[source + x] & 0xff;
        if (alpha != 0) {
          int below = to.get(target + x) & 0xff;
          int above = values[source + x] & 0xff;
          to.put(target + x, (byte) (below + ((above - below) * alpha + 127) / 255));
        }
      }
    }
  }
}
