package io.github.raspberryspy.camera.source;

import static io.github.raspberryspy.camera.source.TestPatternStroke.disc;
import static io.github.raspberryspy.camera.source.TestPatternStroke.glow;
import static io.github.raspberryspy.camera.source.TestPatternStroke.hill;
import static io.github.raspberryspy.camera.source.TestPatternStroke.polygon;
import static io.github.raspberryspy.camera.source.TestPatternStroke.sky;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The still background of a test picture: hills at dusk, and a house with light in its windows. It
 * is dark where objects go along the ground, so that they stand out.
 */
final class TestPatternScene {

  private static final double[] SKY_HEIGHTS = {0, 0.22, 0.42, 0.56, 0.68};
  private static final int[] SKY = {0x141a3c, 0x2c2b5e, 0x5c3f78, 0xa4587c, 0xe58a6f};
  private static final int WARM = 0xffb765;
  private static final int BANDS = 8;

  private final double aspect;

  /** Things are smaller in a narrow picture, so that they do not stand in each other's way. */
  private final double zoom;

  private final List<TestPatternStroke> strokes = new ArrayList<>();

  private TestPatternScene(double aspect) {
    this.aspect = aspect;
    zoom = Math.min(1, aspect / 1.3);
    heaven();
    strokes.add(hill(TestPatternScene::farRidge, 0x8a4f7a, 0x5d3f70, 0.16, 0.77));
    strokes.add(hill(TestPatternScene::middleRidge, 0x4d3766, 0x33294f, 0.2, 0.87));
    double[] woods = {-0.47, -0.43, -0.405, -0.05, -0.02, 0.31, 0.34, 0.36, 0.4};
    for (int i = 0; i < woods.length; i++) {
      double u = woods[i] * aspect;
      pine(u, middleRidge(u) + 0.008, zoom * (0.055 + 0.012 * (i * 5 % 3)), 0x3a2c54);
    }
    strokes.add(hill(TestPatternScene::nearRidge, 0x2b2749, 0x191a33, 0.16, 1));
    house(-0.3 * aspect);
    double[] firs = {-0.465, -0.425, -0.18, 0.44, 0.475};
    for (int i = 0; i < firs.length; i++) {
      double u = firs[i] * aspect;
      pine(u, nearRidge(u) + 0.012, zoom * (0.12 + 0.03 * (i * 2 % 3)), 0x1c1a36);
    }
  }

  /** The picture for a size. */
  static TestPatternPlanes paint(int width, int height) {
    TestPatternPlanes planes = new TestPatternPlanes(width, height);
    TestPatternScene scene = new TestPatternScene((double) width / height);
    // In bands of an even number of rows, by as many cores as there are: a camera starts with it.
    int rows = (height / BANDS + 2) & ~1;
    IntStream.range(0, BANDS)
        .parallel()
        .forEach(band -> scene.paint(planes, band * rows, Math.min(height, (band + 1) * rows)));
    return planes;
  }

  private void paint(TestPatternPlanes planes, int fromRow, int endRow) {
    TestPatternStroke.Row row = new TestPatternStroke.Row(planes.width, planes.height);
    for (int y = fromRow; y < endRow; y++) {
      row.moveTo(y);
      strokes.forEach(stroke -> stroke.paint(row));
      planes.store(row);
    }
  }

  private static double farRidge(double u) {
    return 0.6 + 0.035 * Math.sin(2.3 * u + 0.4) + 0.018 * Math.sin(5.3 * u + 2);
  }

  private static double middleRidge(double u) {
    return 0.7 + 0.04 * Math.sin(1.7 * u + 2.7) + 0.012 * Math.sin(4.9 * u);
  }

  private static double nearRidge(double u) {
    return 0.815 + 0.03 * Math.sin(1.5 * u + 4.4) + 0.009 * Math.sin(4.1 * u + 1);
  }

  private void heaven() {
    strokes.add(sky(SKY_HEIGHTS, SKY));
    for (int i = 0; i < 30; i++) {
      double across = i * 0.618034 % 1 - 0.5;
      double v = 0.03 + 0.36 * (i * 0.7548777 % 1);
      double radius = zoom * (0.0012 + 0.0007 * (i % 3));
      strokes.add(disc(across * aspect, v, radius, i % 4 == 0 ? 0xffe9cf : 0xaeb0dc));
    }
    double sun = 0.2 * aspect;
    strokes.add(glow(sun, 0.6, 0.95, 0.5, WARM, 0.62));
    strokes.add(glow(sun, 0.57, 0.3, 0.26, 0xffd594, 0.75));
    cloud(-0.33 * aspect, 0.35, 0.2 * zoom);
    cloud(0.36 * aspect, 0.41, 0.17 * zoom);
    cloud(-0.04 * aspect, 0.475, 0.14 * zoom);
    strokes.add(disc(sun, 0.598, 0.066 * zoom, 0xfff0cf));
  }

  private void cloud(double u, double v, double size) {
    strokes.add(glow(u, v, size, size * 0.09, 0xf2a18e, 0.55));
    strokes.add(glow(u + size * 0.3, v - size * 0.06, size * 0.5, size * 0.08, 0xf7b59b, 0.5));
    strokes.add(glow(u - size * 0.45, v + size * 0.07, size * 0.6, size * 0.06, 0xdf8b8c, 0.45));
  }

  private void pine(double u, double foot, double size, int colour) {
    double trunk = size * 0.045;
    strokes.add(polygon(colour, u - trunk, foot, u, foot - size, u + trunk, foot));
    for (int tier = 0; tier < 3; tier++) {
      double half = size * (0.27 - 0.065 * tier);
      double base = foot - size * (0.1 + 0.24 * tier);
      strokes.add(polygon(colour, u - half, base, u, base - size * 0.42, u + half, base));
    }
  }

  private void house(double u) {
    double foot = nearRidge(u) + 0.014;
    double wall = foot - 0.1 * zoom;
    double eaves = wall + 0.006 * zoom;
    double gable = wall - 0.07 * zoom;
    double roof = 0.105 * zoom;
    double top = 0.06 * zoom;
    strokes.add(glow(u, foot - 0.05 * zoom, 0.3 * zoom, 0.2 * zoom, WARM, 0.3));
    strokes.add(polygon(0x1d1730, box(u + 0.055 * zoom, wall - 0.1 * zoom, 0.012, 0.06)));
    strokes.add(polygon(0x453659, box(u, wall, 0.085, 0.1)));
    strokes.add(
        polygon(0x231c3a, u - roof, eaves, u - top, gable, u + top, gable, u + roof, eaves));
    strokes.add(polygon(0x2a2040, box(u + 0.042 * zoom, foot - 0.062 * zoom, 0.015, 0.062)));
    window(u - 0.042 * zoom, wall + 0.028 * zoom);
    window(u, wall + 0.028 * zoom);
    strokes.add(glow(u - 0.021 * zoom, foot + 0.012, 0.13 * zoom, 0.03 * zoom, WARM, 0.4));
  }

  private void window(double u, double top) {
    strokes.add(polygon(0xffd98a, box(u, top, 0.0135, 0.036)));
    strokes.add(polygon(0x8a5a3c, box(u, top, 0.0015, 0.036)));
    strokes.add(polygon(0x8a5a3c, box(u, top + 0.0165 * zoom, 0.0135, 0.003)));
    strokes.add(glow(u, top + 0.018 * zoom, 0.06 * zoom, 0.06 * zoom, 0xffc873, 0.35));
  }

  /** An upright rectangle from a place downwards; half its width and its height are zoomed. */
  private double[] box(double u, double top, double half, double height) {
    double left = u - half * zoom;
    double right = u + half * zoom;
    double bottom = top + height * zoom;
    return new double[] {left, top, right, top, right, bottom, left, bottom};
  }
}
