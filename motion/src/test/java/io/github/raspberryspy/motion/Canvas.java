package io.github.raspberryspy.motion;

import java.util.Arrays;

/**
 * A picture that is drawn layer by layer, in luma from 0 to 255, and how much of a body is on it.
 */
final class Canvas {

  final int width;
  final int height;
  final float[] luma;
  private final float[] copy;
  private int bodyPixels;
  private double bodyArea;

  Canvas(int width, int height) {
    this.width = width;
    this.height = height;
    this.luma = new float[width * height];
    this.copy = new float[width * height];
  }

  /** Begins with this picture and without a body. */
  void start(float[] backdrop) {
    System.arraycopy(backdrop, 0, luma, 0, luma.length);
    bodyPixels = 0;
    bodyArea = 0;
  }

  /** A body of so many pixels, where it is whole, covers so many of the picture. */
  void body(int pixels, double whole) {
    bodyPixels += pixels;
    bodyArea = Math.max(bodyArea, whole);
  }

  /** 1 when a good part of a body is in the picture, 0 when none is, -1 in between. */
  int truth() {
    if (bodyPixels == 0) {
      return 0;
    }
    return bodyPixels >= 0.5 * bodyArea ? 1 : -1;
  }

  /** Moves the whole picture by a part of a pixel, and takes what is missing from the edge. */
  void shift(double across, double down) {
    System.arraycopy(luma, 0, copy, 0, luma.length);
    int left = (int) Math.floor(across);
    int top = (int) Math.floor(down);
    float u = (float) (across - left);
    float v = (float) (down - top);
    for (int y = 0; y < height; y++) {
      int upper = clamp(y + top, height) * width;
      int lower = clamp(y + top + 1, height) * width;
      for (int x = 0; x < width; x++) {
        int a = clamp(x + left, width);
        int b = clamp(x + left + 1, width);
        float above = copy[upper + a] * (1 - u) + copy[upper + b] * u;
        float below = copy[lower + a] * (1 - u) + copy[lower + b] * u;
        luma[y * width + x] = above * (1 - v) + below * v;
      }
    }
  }

  /** Multiplies every pixel. */
  void multiply(double by) {
    for (int i = 0; i < luma.length; i++) {
      luma[i] *= (float) by;
    }
  }

  /** Blends one pixel, where it is on the picture. */
  void blend(int x, int y, double value, double opacity) {
    if (x >= 0 && y >= 0 && x < width && y < height) {
      int i = y * width + x;
      luma[i] += (float) ((value - luma[i]) * opacity);
    }
  }

  /** Mean luma around a point, in shares of the picture. */
  double meanAround(double across, double down) {
    int x = clamp((int) (across * width), width);
    int y = clamp((int) (down * height), height);
    int reach = Math.max(1, width / 40);
    float[] some = new float[4 * reach * reach];
    int n = 0;
    for (int i = -reach; i < reach; i++) {
      for (int j = -reach; j < reach; j++) {
        some[n++] = luma[clamp(y + i, height) * width + clamp(x + j, width)];
      }
    }
    Arrays.sort(some);
    return some[n / 2];
  }

  static int clamp(int value, int below) {
    return Math.max(0, Math.min(below - 1, value));
  }

  /** Something that is drawn over what is there. */
  interface Layer {
    void paint(Canvas canvas, double seconds);
  }
}
