package io.github.raspberryspy.camera;

import java.util.Objects;

/**
 * What all images of a stream have in common.
 *
 * @param width pixels across
 * @param height pixels down
 * @param pixels how they lie in memory
 * @param isFullRange whether luma runs from 0 to 255 and not from 16 to 235
 */
public record ImageFormat(int width, int height, PixelFormat pixels, boolean isFullRange) {
  /** Checks presence. */
  public ImageFormat {
    Objects.requireNonNull(pixels, "pixels");
  }
}
