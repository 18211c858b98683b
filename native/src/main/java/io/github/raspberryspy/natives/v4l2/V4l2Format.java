package io.github.raspberryspy.natives.v4l2;

import java.util.List;

/**
 * A picture format as a device granted it.
 *
 * @param type which queue it is for
 * @param width pixels across
 * @param height pixels down
 * @param pixels how they lie, or which codec
 * @param colorspace the kernel's number of the colour space
 * @param quantization the kernel's number of the range: 0 for the colour space's own
 * @param planes the buffers that make up one picture, at least one
 */
public record V4l2Format(
    BufferType type,
    int width,
    int height,
    FourCc pixels,
    int colorspace,
    int quantization,
    List<Plane> planes) {

  private static final int COLORSPACE_JPEG = 7;
  private static final int FULL_RANGE = 1;

  /**
   * One buffer of a picture.
   *
   * @param bytesPerLine from one row to the next, padding included; 0 for codecs
   * @param sizeBytes of the buffer
   */
  public record Plane(int bytesPerLine, int sizeBytes) {}

  /** Keeps a copy of the list. */
  public V4l2Format {
    planes = List.copyOf(planes);
  }

  /**
   * Whether luma runs from 0 to 255 and not from 16 to 235. Source: the kernel's documentation,
   * "Detailed Colorspace Descriptions", and {@code V4L2_MAP_QUANTIZATION_DEFAULT}.
   */
  public boolean isFullRange() {
    return quantization == 0 ? colorspace == COLORSPACE_JPEG : quantization == FULL_RANGE;
  }

  @Override
  public String toString() {
    return pixels + " " + width + "x" + height;
  }
}
