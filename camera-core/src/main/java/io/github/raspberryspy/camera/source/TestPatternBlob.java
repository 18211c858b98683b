package io.github.raspberryspy.camera.source;

import java.util.function.DoubleBinaryOperator;

/**
 * A round part of a figure: an ellipse, or something more pointed or more square.
 *
 * @param x centre, in the figure's own units, to the right
 * @param y centre, downwards
 * @param rx radius across, before it is turned
 * @param ry radius down
 * @param angle turned clockwise by so many radians
 * @param power 2 for an ellipse, less for a pointed shape, more for a square one
 * @param paint its colour at a place of the figure
 */
record TestPatternBlob(
    double x, double y, double rx, double ry, double angle, double power, Paint paint) {

  /** The colour of a place in a figure. */
  @FunctionalInterface
  interface Paint {

    /** No colour: what lies below shows. */
    int NONE = -1;

    /** Red, green and blue of 8 bits each, or {@link #NONE}. */
    int at(double x, double y);
  }

  static TestPatternBlob ellipse(double x, double y, double rx, double ry, Paint paint) {
    return new TestPatternBlob(x, y, rx, ry, 0, 2, paint);
  }

  /** Whether a place lies in it, or no further out than {@code margin}. */
  boolean covers(double px, double py, double margin) {
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    double across = Math.abs((px - x) * cos + (py - y) * sin) / (rx + margin);
    double down = Math.abs((py - y) * cos - (px - x) * sin) / (ry + margin);
    if (across > 1 || down > 1) {
      return false;
    }
    return power == 2
        ? across * across + down * down <= 1
        : Math.pow(across, power) + Math.pow(down, power) <= 1;
  }

  double reachX(double margin) {
    return reach(Math.cos(angle), Math.sin(angle), margin);
  }

  double reachY(double margin) {
    return reach(Math.sin(angle), Math.cos(angle), margin);
  }

  /** How far it reaches to one side of its centre; found by going round its edge. */
  private double reach(double alongWeight, double acrossWeight, double margin) {
    DoubleBinaryOperator at =
        (cos, sin) ->
            Math.abs(alongWeight) * (rx + margin) * Math.pow(cos, 2 / power)
                + Math.abs(acrossWeight) * (ry + margin) * Math.pow(sin, 2 / power);
    double reach = 0;
    int steps = 180;
    for (int i = 0; i <= steps; i++) {
      double turn = Math.PI / 2 * i / steps;
      reach = Math.max(reach, at.applyAsDouble(Math.cos(turn), Math.abs(Math.sin(turn))));
    }
    return reach;
  }
}
