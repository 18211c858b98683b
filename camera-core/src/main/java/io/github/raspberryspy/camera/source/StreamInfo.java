package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.ImageFormat;
import io.github.raspberryspy.segments.Box;
import java.util.List;
import java.util.Optional;

/**
 * What an open source delivers.
 *
 * @param isEncoded whether it delivers packets of H.264 instead of frames
 * @param isLive whether it waits for nobody: what is not taken in time is lost
 * @param width pixels across
 * @param height pixels down
 * @param fps nominal frames per second, above 0
 * @param image what its frames look like, where that is known before the first one
 * @param overlays parts of the picture into which the source itself writes, such as a clock: no
 *     motion
 */
public record StreamInfo(
    boolean isEncoded,
    boolean isLive,
    int width,
    int height,
    double fps,
    Optional<ImageFormat> image,
    List<Box> overlays) {

  /** Checks ranges. */
  public StreamInfo {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException("picture size " + width + "x" + height);
    }
    if (!(fps > 0)) {
      throw new IllegalArgumentException("fps " + fps + " is not above 0");
    }
    overlays = List.copyOf(overlays);
  }

  /** Nominal time from one frame to the next, microseconds. */
  public long frameIntervalUs() {
    return Math.round(1_000_000 / fps);
  }
}
