package io.github.raspberryspy.camera.source;

/** A round part of a figure: an ellipse, or something more pointed or more square. Immutable. */
final class TestPatternBlob {

  /** The colour of a place in a figure. */
  @FunctionalInterface
  interface Paint {

    /** No colour: what lies below shows. */
    int NONE = -1;

    /** Red, green and blue of 8 bits each, or {@link #NONE}. */
    int at(double x, double y);
  }

  private final double x;
  private final double y;
  private final double rx;
  private final double ry;
  private final double power;
  private final Paint paint;
  private double cos = 1;
  private double sin;

  private TestPatternBlob(double x, double y, double rx, double ry, double power, Paint paint) {
    this.x = x;
    this.y = y;
    this.rx = rx;
    this.ry = ry;
    this.power = power;
    this.paint = paint;
  }

  /** An ellipse around a place of the figure, in the figure's own units, y downwards. */
  static TestPatternBlob ellipse(double x, double y, double rx, double ry, Paint paint) {
    return new TestPatternBlob(x, y, rx, ry, 2, paint);
  }

  /** The same, more pointed (a power less than 2) or more square (above 2). */
  TestPatternBlob power(double newPower) {
    return new TestPatternBlob(x, y, rx, ry, newPower, paint);
  }

  /** The same, turned clockwise by so many radians. */
  TestPatternBlob turned(double angle) {
    TestPatternBlob turned = new TestPatternBlob(x, y, rx, ry, power, paint);
    turned.cos = Math.cos(angle);
    turned.sin = Math.sin(angle);
    return turned;
  }

  /** Whether a place lies in it, or no further out than {@code margin}. */
  boolean covers(double px, double py, double margin) {
    double across = Math.abs((px - x) * cos + (py - y) * sin);
    double down = Math.abs((py - y) * cos - (px - x) * sin);
    if (across > rx + margin || down > ry + margin) {
      return false;
    }
    across /= rx + margin;
    down /= ry + margin;
    return power == 2
        ? across * across + down * down <= 1
        : Math.pow(across, power) + Math.pow(down, power) <= 1;
  }

  /** Its colour at a place, which it covers. */
  int colour(double px, double py) {
    return paint.at(px, py);
  }

  double left(double margin) {
    return x - reach(cos, sin, margin);
  }

  double right(double margin) {
    return x + reach(cos, sin, margin);
  }

  double top(double margin) {
    return y - reach(sin, cos, margin);
  }

  double bottom(double margin) {
    return y + reach(sin, cos, margin);
  }

  /** How far it reaches to one side of its centre; found by going round a quarter of its edge. */
  private double reach(double acrossWeight, double downWeight, double margin) {
    double reach = 0;
    int steps = 180;
    for (int i = 0; i <= steps; i++) {
      double turn = Math.PI / 2 * i / steps;
      double across = (rx + margin) * Math.pow(Math.cos(turn), 2 / power);
      double down = (ry + margin) * Math.pow(Math.sin(turn), 2 / power);
      reach = Math.max(reach, Math.abs(acrossWeight) * across + Math.abs(downWeight) * down);
    }
    return reach;
  }
}
