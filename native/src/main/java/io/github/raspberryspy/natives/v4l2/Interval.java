package io.github.raspberryspy.natives.v4l2;

/**
 * Time from one frame to the next, as a fraction of a second.
 *
 * @param numerator seconds
 * @param denominator at least 1
 */
public record Interval(int numerator, int denominator) {

  private static final int PARTS = 1000;

  /** The interval of so many frames a second, exact to a thousandth. */
  public static Interval ofFps(double fps) {
    int scaled = (int) Math.round(fps * PARTS);
    return scaled % PARTS == 0 ? new Interval(1, scaled / PARTS) : new Interval(PARTS, scaled);
  }

  /** Frames per second; 0 where the device does not say. */
  public double fps() {
    return numerator <= 0 ? 0 : (double) denominator / numerator;
  }
}
