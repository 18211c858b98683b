package io.github.raspberryspy.motion;

import io.github.raspberryspy.motion.Canvas.Layer;
import java.util.function.DoubleUnaryOperator;

/** Light that changes while nothing moves. Places are shares of the picture. */
final class Lights {

  private Lights() {}

  /** All of it, by a function of time. */
  static Layer gain(DoubleUnaryOperator bySeconds) {
    return (canvas, seconds) -> canvas.multiply(bySeconds.applyAsDouble(seconds));
  }

  /** The exposure jumps now and then by up to so much, as a camera's does, and settles in 0.3 s. */
  static DoubleUnaryOperator jumps(long seed, double everySeconds, double most) {
    return seconds -> {
      long now = (long) Math.floor(seconds / everySeconds);
      double from = level(seed, now - 1, most);
      double to = level(seed, now, most);
      return from + (to - from) * (1 - Math.exp(-(seconds - now * everySeconds) / 0.1));
    };
  }

  /** Soft shadows of clouds that drift across, down to so much of the light. */
  static Layer clouds(long seed, double speed, double darkest) {
    return (canvas, seconds) ->
        eachPixel(
            canvas,
            (x, y, value) -> {
              double cloud = Waves.plane(seed, 2.2 * (x - speed * seconds), 1.8 * y + 0.1 * x);
              return value * (1 - (1 - darkest) * Waves.step(0.35, 0.75, cloud));
            });
  }

  /** The edge of a shadow that goes from left to right within these times; soft by that width. */
  static Layer edge(double from, double to, double softness, double darkness) {
    return (canvas, seconds) ->
        eachPixel(
            canvas,
            (x, y, value) -> {
              double edge = -0.3 + 1.6 * (seconds - from) / (to - from);
              return value * (1 - darkness * Waves.step(-softness, softness, edge - x - 0.3 * y));
            });
  }

  /** A beam that sweeps across a wall within these times, again and again. */
  static Layer beam(double period, double lasts, double strength) {
    return (canvas, seconds) -> {
      double at = (seconds % period) / lasts;
      if (at > 1) {
        return;
      }
      eachPixel(
          canvas,
          (x, y, value) -> {
            double far = Math.hypot((x + 0.2 - 1.4 * at) / 0.12, (y - 0.5) / 0.25);
            return value * (1 + strength * Waves.step(1.3, 0.6, far));
          });
    };
  }

  /** A lamp that lights its surroundings while it is on. */
  static Layer lamp(double x, double y, double reach, double strength, DoubleUnaryOperator on) {
    return (canvas, seconds) -> {
      double now = on.applyAsDouble(seconds);
      eachPixel(
          canvas,
          (across, down, value) -> {
            double far = Math.hypot(across - x, 0.75 * (down - y)) / reach;
            return value * (1 + now * strength / (1 + 4 * far * far));
          });
    };
  }

  /** 1 and 0 by turns, of a length of their own each time. */
  static DoubleUnaryOperator onAndOff(long seed, double meanSeconds) {
    return seconds -> {
      double at = seconds / meanSeconds;
      long n = (long) Math.floor(at);
      double turn = 0.2 + 0.6 * Waves.hash(seed, n);
      boolean isSecond = at - n > turn;
      return Waves.hash(seed + (isSecond ? 1 : 0), n) < 0.5 ? 0 : 1;
    };
  }

  /** A fire: tongues that flicker above a place, and its light on what is around. */
  static Layer fire(long seed, double x, double y, double size) {
    Waves light = new Waves(seed, 1.5, 9);
    return (canvas, seconds) -> {
      double now = 0.5 + 0.25 * light.at(seconds);
      eachPixel(
          canvas,
          (across, down, value) -> {
            double u = (across - x) / size;
            double v = (y - down) / size;
            double far = u * u + (v - 0.3) * (v - 0.3);
            double lit = value * (1 + 0.5 * now / (1 + 1.5 * far));
            if (v < 0 || v > 1.6 || Math.abs(u) > 1) {
              return lit;
            }
            double lick = Waves.plane(seed, 5 * u + 31 * seconds / 9, 4 * (v - 2.2 * seconds));
            double body = 1.25 - 1.1 * Math.abs(u) - 0.75 * v + 0.7 * (lick - 0.5);
            double flame = Waves.step(0.45, 0.75, body);
            return lit + (245 - lit) * flame;
          });
    };
  }

  /** Another look of the whole scene between these times: as when the infrared filter goes. */
  static Layer infrared(long seed, DoubleUnaryOperator isOn) {
    return (canvas, seconds) -> {
      double now = isOn.applyAsDouble(seconds);
      if (now == 0) {
        return;
      }
      eachPixel(
          canvas,
          (x, y, value) -> {
            double leaves = Waves.step(0.5, 0.6, Waves.plane(seed, 5 * x, 4 * y));
            double spot = 1.3 - 1.2 * Math.hypot(x - 0.5, y - 0.5);
            double seen = (0.55 * value + 60 * leaves) * spot;
            return value + now * (seen - value);
          });
    };
  }

  /** Bands of a lamp on mains that wander down the picture. */
  static Layer mains(double strength) {
    return (canvas, seconds) ->
        eachPixel(
            canvas,
            (x, y, value) ->
                value * (1 + strength * Math.sin(2 * Math.PI * (0.31 * seconds + 1.5 * y))));
  }

  private static double level(long seed, long n, double most) {
    return n <= 0 ? 1 : 1 + most * (2 * Waves.hash(seed, n) - 1);
  }

  private static void eachPixel(Canvas canvas, Shade shade) {
    for (int y = 0, i = 0; y < canvas.height; y++) {
      double down = (y + 0.5) / canvas.height;
      for (int x = 0; x < canvas.width; x++, i++) {
        canvas.luma[i] = (float) shade.of((x + 0.5) / canvas.width, down, canvas.luma[i]);
      }
    }
  }

  /** The luma of a pixel in a light. */
  private interface Shade {
    double of(double x, double y, double value);
  }
}
