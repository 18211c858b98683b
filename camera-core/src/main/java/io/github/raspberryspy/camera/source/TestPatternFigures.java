package io.github.raspberryspy.camera.source;

import static io.github.raspberryspy.camera.source.TestPatternBlob.ellipse;

import io.github.raspberryspy.camera.source.TestPatternBlob.Paint;
import java.util.ArrayList;
import java.util.List;

/** What moves through a test picture. */
final class TestPatternFigures {

  static final TestPatternFigure RASPBERRY = new TestPatternFigure(raspberry());
  static final TestPatternFigure BALL = new TestPatternFigure(ball());
  static final TestPatternFigure BALLOON = new TestPatternFigure(balloon());

  private static final int DARK = 0x43101f;
  private static final int WHITE = 0xffffff;

  private TestPatternFigures() {}

  private static List<TestPatternBlob> raspberry() {
    List<TestPatternBlob> blobs = new ArrayList<>();
    blobs.add(ellipse(0, 0.15, 0.85, 0.95, flat(0x9c1245)));
    double[][] rows = {{-0.42, 4, 0.48}, {-0.06, 5, 0.44}, {0.32, 4, 0.45}, {0.67, 3, 0.43}};
    for (double[] row : rows) {
      for (int i = 0; i < row[1]; i++) {
        blobs.add(drupelet((i - (row[1] - 1) / 2) * row[2], row[0]));
      }
    }
    blobs.add(drupelet(-0.19, 0.98));
    blobs.add(drupelet(0.19, 0.98));
    for (int side = -1; side <= 1; side += 2) {
      blobs.add(ellipse(side * 0.6, 0.3, 0.15, 0.09, flat(0xff8fa3)));
      blobs.add(ellipse(side * 0.33, 0.06, 0.185, 0.215, flat(WHITE)));
      blobs.add(ellipse(side * 0.3, 0.09, 0.11, 0.135, flat(DARK)));
      blobs.add(ellipse(side * 0.3 - 0.04, 0.04, 0.04, 0.045, flat(WHITE)));
    }
    blobs.add(ellipse(0, 0.36, 0.2, 0.2, (x, y) -> y < 0.38 ? Paint.NONE : DARK));
    for (int side = -1; side <= 1; side += 2) {
      blobs.add(leaf(side * 0.42, -0.6, 0.36, side * 0.5));
      blobs.add(leaf(side * 0.27, -0.8, 0.36, side * -0.62));
    }
    blobs.add(leaf(0, -0.88, 0.38, Math.PI / 2));
    return blobs;
  }

  private static TestPatternBlob drupelet(double cx, double cy) {
    double radius = 0.275;
    double shade = 1 - 0.1 * cx - 0.12 * cy;
    return ellipse(
        cx,
        cy,
        radius,
        radius,
        (x, y) -> {
          double nx = (x - cx) / radius;
          double ny = (y - cy) / radius;
          double shine = 1 - Math.hypot(nx + 0.35, ny + 0.4) / 0.5;
          int lit = shaded(0xe8245f, shade * (1.08 - 0.42 * (nx * nx + ny * ny)));
          return mixed(lit, 0xffc2d2, Math.max(0, Math.min(0.75, 1.6 * shine)));
        });
  }

  private static TestPatternBlob leaf(double cx, double cy, double length, double angle) {
    double sin = Math.sin(angle);
    double cos = Math.cos(angle);
    Paint green =
        (x, y) -> {
          double down = (y - cy) * cos - (x - cx) * sin;
          return shaded(0x7cc653, Math.abs(down) < 0.018 ? 0.72 : 1 - 1.6 * Math.max(0, down));
        };
    return ellipse(cx, cy, length, 0.17, green).power(1.35).turned(angle);
  }

  private static List<TestPatternBlob> ball() {
    int[] colours = {0xffd23f, 0xfffaf0, 0x1fb5ad, 0xfffaf0, 0xff7a3d, 0xfffaf0};
    Paint stripes =
        (x, y) -> {
          double z = Math.sqrt(Math.max(0, 1 - x * x - y * y));
          double nearX = x + 0.42 * z;
          double nearY = y + 0.5 * z;
          double turn = Math.atan2(nearY, nearX) / (2 * Math.PI) + 0.5;
          int colour = Math.hypot(nearX, nearY) < 0.17 ? 0xfffaf0 : colours[(int) (turn * 5.999)];
          return shaded(colour, 0.62 + 0.4 * z - 0.12 * (x + y));
        };
    return List.of(ellipse(0, 0, 1, 1, stripes));
  }

  private static List<TestPatternBlob> balloon() {
    int[] colours = {0xffb347, 0xfff3dc, 0xf0605d};
    Paint gores =
        (x, y) -> {
          double half =
              y < 0.1
                  ? Math.sqrt(Math.max(0, 0.757 - (y + 0.3) * (y + 0.3)))
                  : 0.77 - 0.7 * (y - 0.1);
          double turn = Math.asin(Math.max(-1, Math.min(1, x / (half + 0.01)))) / Math.PI + 0.5;
          int colour = colours[(int) (turn * 6.999) % 3];
          return shaded(colour, 1.02 - 0.28 * x - 0.16 * Math.abs(x) - 0.1 * y);
        };
    Paint rope = flat(0x6b4a33);
    Paint wicker =
        (x, y) -> y < 1.14 ? 0x7d5030 : (Math.floor(y * 30) % 2 == 0 ? 0x94643c : 0xbd8853);
    return List.of(
        ellipse(-0.16, 1.0, 0.03, 0.26, rope).turned(-0.12),
        ellipse(0.16, 1.0, 0.03, 0.26, rope).turned(0.12),
        ellipse(0, 0.05, 0.79, 0.93, gores).power(1.6),
        ellipse(0, -0.3, 0.87, 0.87, gores),
        ellipse(0, 1.26, 0.22, 0.17, wicker).power(4));
  }

  private static Paint flat(int colour) {
    return (x, y) -> colour;
  }

  private static int shaded(int colour, double light) {
    return light <= 1
        ? mixed(0, colour, Math.max(0, light))
        : mixed(colour, WHITE, Math.min(1, (light - 1) * 2));
  }

  private static int mixed(int from, int to, double share) {
    int mixed = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int a = (from >> shift) & 0xff;
      int b = (to >> shift) & 0xff;
      mixed |= (int) Math.round(a + (b - a) * share) << shift;
    }
    return mixed;
  }
}
