package io.github.raspberryspy.motion;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A person, or a car, who goes from place to place: seen from the first to the last of them. Places
 * and heights are shares of the picture. A person's legs and arms swing by the way gone; who stands
 * sways a little.
 */
final class Walker implements Canvas.Layer {

  private static final double PERSON_WIDTH = 0.42;
  private static final double CAR_WIDTH = 2.3;
  private static final double STRIDE = 0.8;

  private final long seed;
  private final boolean isCar;
  private final List<double[]> places = new ArrayList<>();
  private final Waves sway;
  private final double contrast;
  private final boolean isDark;
  private double fidget = 1;
  private double[] clothes;

  private Walker(long seed, boolean isCar, double contrast) {
    this.seed = seed;
    this.isCar = isCar;
    this.contrast = contrast;
    this.sway = new Waves(seed, 0.1, 0.6);
    this.isDark = new Random(seed).nextDouble() < 0.6;
  }

  /** Somebody whose clothes differ from the wall behind by so much luma at least, somewhere. */
  static Walker person(long seed, double contrast) {
    return new Walker(seed, false, contrast);
  }

  static Walker car(long seed, double contrast) {
    return new Walker(seed, true, contrast);
  }

  /** Is there at that time: the middle of the feet, and the height. */
  Walker at(double seconds, double x, double y, double height) {
    places.add(new double[] {seconds, x, y, height});
    return this;
  }

  /** How much somebody moves who stands: 1 as people do, 0 not at all. */
  Walker fidget(double value) {
    fidget = value;
    return this;
  }

  @Override
  public void paint(Canvas canvas, double seconds) {
    double[] place = place(seconds);
    if (place == null) {
      return;
    }
    if (clothes == null) {
      clothes = clothes(canvas, place);
    }
    double tall = place[2] * canvas.height;
    double wide = tall * (isCar ? CAR_WIDTH : PERSON_WIDTH);
    double lean = fidget * tall * 0.02 * sway.at(seconds);
    double middle = place[0] * canvas.width + lean;
    double feet = place[1] * canvas.height;
    double phase = place[3] * canvas.width / (STRIDE * tall) * 2 * Math.PI;
    double moving = place[4] > 0.002 ? 1 : 0.15;
    int pixels = 0;
    for (int y = (int) Math.floor(feet - tall); y <= Math.ceil(feet); y++) {
      for (int x = (int) Math.floor(middle - wide / 2); x <= Math.ceil(middle + wide / 2); x++) {
        double u = (x + 0.5 - middle) / tall;
        double v = 1 - (feet - y - 0.5) / tall;
        double value = isCar ? car(u, v) : person(u, v, moving * Math.sin(phase));
        if (value >= 0 && x >= 0 && y >= 0 && x < canvas.width && y < canvas.height) {
          canvas.blend(x, y, value, 0.95);
          pixels++;
        }
      }
    }
    canvas.body(pixels, wide * tall * (isCar ? 0.8 : 0.45));
  }

  /** x, y, height, the way gone so far, and the speed. */
  private double[] place(double seconds) {
    double way = 0;
    for (int i = 1; i < places.size(); i++) {
      double[] from = places.get(i - 1);
      double[] to = places.get(i);
      double length = Math.hypot(to[1] - from[1], to[2] - from[2]);
      if (seconds >= from[0] && seconds < to[0]) {
        double t = (seconds - from[0]) / (to[0] - from[0]);
        return new double[] {
          from[1] + t * (to[1] - from[1]),
          from[2] + t * (to[2] - from[2]),
          from[3] + t * (to[3] - from[3]),
          way + t * length,
          length / (to[0] - from[0])
        };
      }
      way += length;
    }
    return null;
  }

  private double[] clothes(Canvas canvas, double[] place) {
    Random random = new Random(seed);
    double behind = canvas.meanAround(Math.max(0, Math.min(1, place[0])), place[1] - place[2] / 2);
    double away = contrast * (1 + random.nextDouble());
    double torso = isDark ? behind - away : behind + away;
    if (torso < 8 || torso > 245) {
      torso = isDark ? behind + away : behind - away;
    }
    double legs = torso + (random.nextDouble() - 0.5) * 2 * contrast;
    double head = behind + (random.nextDouble() - 0.3) * 2 * contrast;
    return new double[] {limit(torso), limit(legs), limit(head)};
  }

  private double person(double u, double v, double swing) {
    if (v < 0.14) {
      double r = Math.hypot(u / 0.065, (v - 0.07) / 0.07);
      return r < 1 ? clothes[2] : -1;
    }
    double arm = u - 0.12 * Math.signum(u) - 0.10 * swing * Math.signum(u) * (v - 0.2);
    boolean isArm = v < 0.5 && Math.abs(arm) < 0.028;
    if (v < 0.52 && (Math.abs(u) < 0.115 - 0.03 * v || isArm)) {
      double folds = Waves.plane(seed, 14 * u, 14 * v) - 0.5;
      return limit(clothes[0] + 0.35 * contrast * folds);
    }
    if (v >= 0.5) {
      double spread = 0.19 * swing * (v - 0.5) / 0.5;
      boolean isLeg = Math.min(Math.abs(u - spread - 0.03), Math.abs(u + spread + 0.03)) < 0.045;
      return isLeg ? clothes[1] : -1;
    }
    return -1;
  }

  private double car(double u, double v) {
    double across = Math.abs(u) / (CAR_WIDTH / 2);
    if (v < 0.5) {
      boolean isCabin = across < 0.35 + 0.4 * v;
      boolean isGlass = v > 0.12 && across < 0.3 + 0.3 * v && Math.abs(u) > 0.03;
      return isCabin ? isGlass ? clothes[2] : clothes[0] : -1;
    }
    boolean isWheel = v > 0.72 && Math.abs(across - 0.62) < 0.16;
    if (isWheel) {
      return 20;
    }
    return v < 0.88 && across < 0.98 ? clothes[0] : -1;
  }

  private static double limit(double value) {
    return Math.max(4, Math.min(250, value));
  }
}
