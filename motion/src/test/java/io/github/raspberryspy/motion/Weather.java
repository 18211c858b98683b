package io.github.raspberryspy.motion;

import io.github.raspberryspy.motion.Canvas.Layer;

/** Rain, snow, wind in trees, and water. Places are shares of the picture. */
final class Weather {

  private Weather() {}

  /** Streaks that fall: so many are in the picture at a time. */
  static Layer rain(long seed, int streaks) {
    return (canvas, seconds) -> {
      for (int n = 0; n < streaks; n++) {
        double near = 0.4 + 0.6 * Waves.hash(seed, n);
        double fallen = 2.2 * near * seconds + Waves.hash(seed + 1, n);
        long wrap = (long) Math.floor(fallen);
        double x = 1.1 * Waves.hash(seed + 2, n * 1000L + wrap) * canvas.width;
        double y = (1.3 * (fallen - wrap) - 0.2) * canvas.height;
        double length = 0.09 * near * canvas.height;
        for (double d = 0; d < length; d++) {
          canvas.blend((int) (x - 0.15 * d), (int) (y + d), 215, 0.35 * near);
        }
      }
    };
  }

  /** Flakes that sink and sway: so many at a time, the nearest as large as that. */
  static Layer snow(long seed, int flakes, double largest) {
    return (canvas, seconds) -> {
      for (int n = 0; n < flakes; n++) {
        double near = Math.pow(Waves.hash(seed, n), 3);
        double sunk = (0.15 + 0.9 * near) * seconds * 0.7 + Waves.hash(seed + 1, n);
        long wrap = (long) Math.floor(sunk);
        double sway = (0.02 + 0.05 * near) * Math.sin(1.3 * seconds + n);
        double x = (1.2 * Waves.hash(seed + 2, n * 1000L + wrap) - 0.1 + sway) * canvas.width;
        double y = (1.2 * (sunk - wrap) - 0.1) * canvas.height;
        double radius = Math.max(0.5, (0.15 + 0.85 * near) * largest * canvas.width);
        disc(canvas, x, y, radius, 235, 0.85 - 0.35 * near);
      }
    };
  }

  /** Leaves that sway within a box, the more the wind gusts. */
  static Layer tree(long seed, double left, double top, double right, double bottom, double wind) {
    Waves gust = new Waves(seed, 0.05, 0.3);
    Waves sway = new Waves(seed + 1, 0.4, 1.6);
    return (canvas, seconds) -> {
      double strength = wind * Math.max(0.1, 0.5 + 0.5 * gust.at(seconds));
      for (int y = (int) (top * canvas.height); y < bottom * canvas.height; y++) {
        double down = (y + 0.5) / canvas.height;
        double across = strength * 0.012 * sway.at(seconds + 0.9 * down);
        double up = strength * 0.006 * sway.at(0.8 * seconds + 40 + down);
        for (int x = (int) (left * canvas.width); x < right * canvas.width; x++) {
          double at = (x + 0.5) / canvas.width;
          double ripple = strength * 0.004 * Math.sin(7 * seconds + 60 * at);
          double leaf = Waves.plane(seed, 70 * (at + across + ripple), 55 * (down + up));
          double far =
              Math.hypot(
                  (at - (left + right) / 2) / (right - left),
                  (down - (top + bottom) / 2) / (bottom - top));
          canvas.blend(x, y, 30 + 110 * leaf, Waves.step(0.5, 0.42, far));
        }
      }
    };
  }

  /** Water below a line: waves that run towards whoever watches, and glitter. */
  static Layer water(long seed, double from) {
    return (canvas, seconds) -> {
      for (int y = (int) (from * canvas.height); y < canvas.height; y++) {
        double down = (y + 0.5) / canvas.height;
        double depth = 1 / (0.05 + down - from + 0.1);
        for (int x = 0; x < canvas.width; x++) {
          double at = (x + 0.5) / canvas.width;
          double wave =
              Waves.plane(seed, 9 * (at - 0.5) * depth + 0.4 * seconds, 6 * depth + 1.1 * seconds);
          double ripple = Waves.plane(seed + 1, 40 * at - 0.8 * seconds, 30 * down - 1.5 * seconds);
          canvas.blend(x, y, 60 + 80 * wave + 50 * ripple, 0.9);
        }
      }
    };
  }

  private static void disc(
      Canvas canvas, double x, double y, double radius, double value, double opacity) {
    for (int j = (int) Math.floor(y - radius); j <= y + radius; j++) {
      for (int i = (int) Math.floor(x - radius); i <= x + radius; i++) {
        double far = Math.hypot(i + 0.5 - x, j + 0.5 - y);
        if (far < radius + 0.5) {
          canvas.blend(i, j, value, opacity * Math.min(1, radius + 0.5 - far));
        }
      }
    }
  }
}
