package io.github.raspberryspy.motion;

import io.github.raspberryspy.camera.PixelFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A catalogue of scenes of a minute: bodies of many kinds, weather and light of many kinds, and one
 * with the other. Each is another scene for each seed: place, contrast, speed, size and rate of the
 * pictures.
 */
final class Scenarios {

  static final double SECONDS = 60;

  private static final int[][] SIZES = {
    {160, 120}, {320, 240}, {352, 288}, {480, 320}, {640, 360}, {640, 480}, {704, 480}
  };
  private static final double[] RATES = {4, 8, 10, 12.5, 15, 25};

  private final Map<String, Consumer<Draft>> all = new LinkedHashMap<>();

  private Scenarios() {
    bodies();
    light();
    weather();
  }

  /** By name; what is named {@code -empty} has no body in it. */
  static Map<String, Consumer<Draft>> all() {
    return new Scenarios().all;
  }

  /** The scene of that name and seed, at a size and a rate that the seed tells. */
  static DrawnScene draw(String name, long seed) {
    Random random = new Random(31 * seed + name.hashCode());
    int[] size = SIZES[random.nextInt(SIZES.length)];
    return draw(name, seed, size[0], size[1], RATES[random.nextInt(RATES.length)]);
  }

  /** The same at another size or rate. */
  static DrawnScene draw(String name, long seed, int width, int height, double fps) {
    Draft draft = new Draft(name, seed, width, height, fps);
    all().get(name).accept(draft);
    return draft.scene;
  }

  private void bodies() {
    all.put("walk", d -> d.walks(0.15, 0.45, 40));
    all.put("faint", d -> d.walks(0.15, 0.4, 14));
    all.put("far", d -> d.walks(0.045, 0.065, 50));
    all.put("slow", d -> d.crosses(10, 50, 0.2 + 0.2 * d.next(), 40));
    all.put("cars", Draft::cars);
    all.put("stands", d -> d.stands(12, 40, 40));
    all.put("stands-faint", d -> d.stands(12, 40, 18));
    all.put("stands-far", d -> d.standsTall(15, 42, 40, 0.09));
    all.put(
        "several",
        d -> {
          d.walks(0.15, 0.4, 40);
          d.stands(14, 30, 40);
          d.crosses(20, 34, 0.25, 40);
        });
    all.put("leaves", Draft::leaves);
    all.put("calm-empty", d -> {});
  }

  private void light() {
    both("night", 30, d -> d.night(5 + 4 * d.next()));
    both(
        "gain",
        25,
        d -> d.scene.noisiness(t -> 1 + 3 * Waves.step(18, 24, t) - 2 * Waves.step(40, 48, t)));
    both("clouds", 40, d -> d.scene.with(Lights.clouds(d.seed, 0.02 + 0.08 * d.next(), 0.45)));
    both("edge", 40, d -> d.scene.with(Lights.edge(15, 15 + 25 * d.next(), 0.01, 0.5)));
    both("beam", 40, d -> d.night(2).with(Lights.beam(14, 2 + 2 * d.next(), 1.5)));
    both("lamp", 40, Draft::lamp);
    both("jumps", 40, d -> d.scene.with(Lights.gain(Lights.jumps(d.seed, 4 + 6 * d.next(), 0.4))));
    both("infrared", 30, Draft::infrared);
    both("fire", 40, Draft::fire);
    both("mains", 30, d -> d.scene.with(Lights.mains(0.02)));
    both(
        "fade",
        40,
        d -> d.scene.with(Lights.gain(t -> 1 - 0.7 * Waves.step(10, 15 + 30 * d.own, t))));
  }

  private void weather() {
    both("snow", 50, d -> d.scene.with(Weather.snow(d.seed, 60 + d.of(140), 0.007)));
    both("snow-heavy", 50, d -> d.scene.with(Weather.snow(d.seed, 300 + d.of(500), 0.013)));
    both("rain", 50, d -> d.scene.with(Weather.rain(d.seed, 60 + d.of(140))));
    both("rain-heavy", 50, d -> d.scene.with(Weather.rain(d.seed, 300 + d.of(300))));
    both("trees", 50, Draft::trees);
    both("water", 50, d -> d.scene.with(Weather.water(d.seed, 0.5 + 0.2 * d.next())));
    both("shake", 50, Draft::shaking);
  }

  /** With nobody, and with people who walk and one who stands. */
  private void both(String name, double contrast, Consumer<Draft> what) {
    all.put(name + "-empty", what);
    all.put(
        name,
        d -> {
          what.accept(d);
          if (d.isHere()) {
            d.stands(15, 38, contrast);
          } else {
            d.walks(0.15, 0.4, contrast);
          }
        });
  }

  /** A scene under way, and what its seed decides. */
  static final class Draft {
    final DrawnScene scene;
    final long seed;
    final double own;
    private final Random random;

    private Draft(String name, long seed, int width, int height, double fps) {
      this.seed = seed * 1000 + Math.floorMod(name.replace("-empty", "").hashCode(), 997);
      this.random = new Random(this.seed);
      this.own = random.nextDouble();
      this.scene =
          new DrawnScene(PixelFormat.I420, width, height, fps)
              .backdrop(this.seed, 0.7 + 0.4 * next())
              .sigma(1.5 + 2 * next());
    }

    double next() {
      return random.nextDouble();
    }

    int of(int below) {
      return random.nextInt(below);
    }

    boolean isHere() {
      return own < 0.4;
    }

    /** Dark, with the noise of a sensor's gain. */
    DrawnScene night(double sigma) {
      return scene.with(Lights.gain(t -> 0.3)).sigma(sigma);
    }

    /** Two people, one after the other, at a walking pace: 0.8 of their height in a second. */
    void walks(double least, double most, double contrast) {
      for (int n = 0; n < 2; n++) {
        double tall = least + (most - least) * next();
        double aspect = scene.height() / (double) scene.width();
        double seconds = Math.min(20, (1 + tall) / (0.8 * tall * aspect));
        double span = 0.8 * tall * aspect * seconds;
        double from = n == 0 ? -0.1 : 1.1;
        double way = n == 0 ? span : -span;
        double y = 0.6 + 0.35 * next();
        double start = 9 + 26 * n + 3 * next();
        scene.with(
            Walker.person(seed + n, contrast)
                .at(start, from, y, tall)
                .at(start + seconds, from + way, y + 0.03, tall));
      }
    }

    void crosses(double from, double to, double tall, double contrast) {
      double y = 0.65 + 0.3 * next();
      scene.with(
          Walker.person(seed + 7, contrast).at(from, -0.1, y, tall).at(to, 1.1, y - 0.05, tall));
    }

    void cars() {
      for (int n = 0; n < 4; n++) {
        double start = 8 + 12 * n + 3 * next();
        double lasts = 1 + 3 * next();
        double y = 0.6 + 0.3 * next();
        scene.with(
            Walker.car(seed + n, 40)
                .at(start, n % 2 == 0 ? -0.3 : 1.3, y, 0.12)
                .at(start + lasts, n % 2 == 0 ? 1.3 : -0.3, y, 0.12));
      }
    }

    void stands(double from, double to, double contrast) {
      standsTall(from, to, contrast, 0.25 + 0.25 * next());
    }

    /** Comes, stands for the time between, and goes on. */
    void standsTall(double from, double to, double contrast, double tall) {
      double y = 0.6 + 0.35 * next();
      double there = 0.3 + 0.4 * next();
      double walk = (there + 0.1) / (0.6 * tall);
      scene.with(
          Walker.person(seed + 5, contrast)
              .at(from - walk, -0.1, y, tall)
              .at(from, there, y, tall)
              .at(to, there + 0.004, y, tall)
              .at(to + walk * (1.1 - there) / (there + 0.1), 1.1, y, tall));
    }

    /** Somebody who has stood there from the beginning goes away: what is left behind is nobody. */
    void leaves() {
      double there = 0.3 + 0.4 * next();
      scene.with(
          Walker.person(seed + 5, 40)
              .fidget(0)
              .at(-1, there, 0.8, 0.35)
              .at(20, there, 0.8, 0.35)
              .at(25, 1.1, 0.8, 0.35));
    }

    void lamp() {
      scene
          .with(Lights.gain(t -> 0.4))
          .with(
              Lights.lamp(
                  0.2 + 0.6 * next(),
                  0.2 + 0.3 * next(),
                  0.1 + 0.3 * next(),
                  1 + 2 * next(),
                  Lights.onAndOff(seed, 7)));
    }

    void infrared() {
      scene
          .with(Lights.infrared(seed, t -> Waves.step(20, 20.4, t) - Waves.step(45, 45.4, t)))
          .noisiness(t -> t > 20 && t < 45 ? 2 : 1);
    }

    void fire() {
      scene
          .with(Lights.gain(t -> 0.5))
          .with(Lights.fire(seed, 0.2 + 0.6 * next(), 0.5 + 0.3 * next(), 0.05 + 0.1 * next()));
    }

    void trees() {
      double wind = 0.5 + next();
      for (int n = 0; n < 3; n++) {
        double left = 0.8 * next();
        scene.with(Weather.tree(seed + n, left, 0.05, left + 0.3, 0.7, wind));
      }
    }

    void shaking() {
      Waves across = new Waves(seed + 3, 0.8, 6);
      Waves down = new Waves(seed + 4, 0.8, 6);
      Waves gust = new Waves(seed + 5, 0.03, 0.2);
      double size = 0.001 + 0.003 * next();
      scene.shake(
          t -> size * across.at(t) * (1 + gust.at(t)), t -> size * down.at(t) * (1 + gust.at(t)));
    }
  }
}
