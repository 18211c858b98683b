package io.github.raspberryspy.natives.v4l2;

import java.util.Optional;

/**
 * What a video device is.
 *
 * @param driver the kernel's driver
 * @param card the device's name for people
 * @param bus where it is plugged in
 * @param deviceCaps what this very node can do, the kernel's bits
 */
public record V4l2Capabilities(String driver, String card, String bus, int deviceCaps) {

  private static final int VIDEO_CAPTURE = 0x1;
  private static final int VIDEO_CAPTURE_MPLANE = 0x1000;
  private static final int VIDEO_M2M_MPLANE = 0x4000;
  private static final int VIDEO_M2M = 0x8000;
  private static final int STREAMING = 0x04000000;

  /** The queue that its pictures come from, where it is a camera that can be streamed from. */
  public Optional<BufferType> captureType() {
    if (!has(STREAMING)) {
      return Optional.empty();
    }
    if (has(VIDEO_CAPTURE)) {
      return Optional.of(BufferType.CAPTURE);
    }
    return has(VIDEO_CAPTURE_MPLANE) ? Optional.of(BufferType.CAPTURE_MPLANE) : Optional.empty();
  }

  /** The queue that takes pictures, where it turns pictures or streams into others. */
  public Optional<BufferType> memToMemType() {
    if (!has(STREAMING)) {
      return Optional.empty();
    }
    if (has(VIDEO_M2M_MPLANE)) {
      return Optional.of(BufferType.OUTPUT_MPLANE);
    }
    return has(VIDEO_M2M) ? Optional.of(BufferType.OUTPUT) : Optional.empty();
  }

  private boolean has(int bit) {
    return (deviceCaps & bit) != 0;
  }
}
