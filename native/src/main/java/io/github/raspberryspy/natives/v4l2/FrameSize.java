package io.github.raspberryspy.natives.v4l2;

/**
 * A picture size that a device offers, or a range of them: those from the smallest in steps.
 *
 * @param minWidth smallest width
 * @param maxWidth largest width, the same where there is one only
 * @param stepWidth from one to the next, at least 1
 * @param minHeight smallest height
 * @param maxHeight largest height
 * @param stepHeight from one to the next, at least 1
 */
public record FrameSize(
    int minWidth, int maxWidth, int stepWidth, int minHeight, int maxHeight, int stepHeight) {

  /** One size. */
  public static FrameSize discrete(int width, int height) {
    return new FrameSize(width, width, 1, height, height, 1);
  }

  /** Whether a picture may have this size. */
  public boolean contains(int width, int height) {
    return isStep(width, minWidth, maxWidth, stepWidth)
        && isStep(height, minHeight, maxHeight, stepHeight);
  }

  private static boolean isStep(int value, int min, int max, int step) {
    return value >= min && value <= max && (value - min) % Math.max(1, step) == 0;
  }

  @Override
  public String toString() {
    return minWidth == maxWidth && minHeight == maxHeight
        ? minWidth + "x" + minHeight
        : minWidth + "x" + minHeight + " to " + maxWidth + "x" + maxHeight;
  }
}
