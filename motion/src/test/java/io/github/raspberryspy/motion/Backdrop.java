package io.github.raspberryspy.motion;

import java.util.Random;

/** What stands still in a drawn scene: ground, walls, windows, doors, and texture on all. */
final class Backdrop {

  private Backdrop() {}

  /** A scene of its own for each seed, the same at every size. */
  static float[] of(long seed, int width, int height, double brightness) {
    Random random = new Random(seed);
    float[] luma = new float[width * height];
    double horizon = 0.3 + 0.3 * random.nextDouble();
    double ground = 70 + 60 * random.nextDouble();
    double wall = 80 + 90 * random.nextDouble();
    double rough = 8 + 22 * random.nextDouble();
    for (int i = 0; i < luma.length; i++) {
      double x = (i % width + 0.5) / width;
      double y = (Math.floorDiv(i, width) + 0.5) / height;
      double value = y < horizon ? wall + 20 * (horizon - y) : ground + 30 * (y - horizon);
      value += rough * (Waves.plane(seed, 6 * x, 5 * y) - 0.5);
      value += rough * (Waves.plane(seed + 1, 23 * x, 17 * y) - 0.5);
      value += 0.7 * rough * (Waves.plane(seed + 2, 90 * x, 70 * y) - 0.5);
      luma[i] = (float) value;
    }
    int things = 4 + random.nextInt(8);
    for (int n = 0; n < things; n++) {
      double left = random.nextDouble();
      double top = random.nextDouble() * (horizon + 0.2);
      thing(luma, width, height, left, top, random);
    }
    for (int i = 0; i < luma.length; i++) {
      luma[i] = (float) (Math.max(4, Math.min(245, luma[i])) * brightness);
    }
    return luma;
  }

  private static void thing(
      float[] luma, int width, int height, double left, double top, Random random) {
    double right = left + 0.03 + 0.2 * random.nextDouble();
    double bottom = top + 0.05 + 0.3 * random.nextDouble();
    double value = 20 + 210 * random.nextDouble();
    double frame = 0.01;
    for (int y = (int) (top * height); y < Math.min(height, bottom * height); y++) {
      for (int x = (int) (left * width); x < Math.min(width, right * width); x++) {
        double across = (x + 0.5) / width;
        double down = (y + 0.5) / height;
        boolean isFrame = Math.min(across - left, right - across) < frame || down - top < frame;
        luma[y * width + x] =
            (float) (isFrame ? 0.5 * value : 0.8 * value + 0.2 * luma[y * width + x]);
      }
    }
  }
}
