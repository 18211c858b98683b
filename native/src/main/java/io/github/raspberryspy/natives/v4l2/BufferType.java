package io.github.raspberryspy.natives.v4l2;

/** Which way pictures go, and whether the planes of one lie in buffers of their own. */
public enum BufferType {
  /** Out of the device, one buffer a picture. */
  CAPTURE(1, false),
  /** Into the device, one buffer a picture. */
  OUTPUT(2, false),
  /** Out of the device, a buffer for each plane. */
  CAPTURE_MPLANE(9, true),
  /** Into the device, a buffer for each plane. */
  OUTPUT_MPLANE(10, true);

  private final int number;
  private final boolean isMultiPlanar;

  BufferType(int number, boolean isMultiPlanar) {
    this.number = number;
    this.isMultiPlanar = isMultiPlanar;
  }

  /** The kernel's number for it. */
  int number() {
    return number;
  }

  /** The other end of a device that turns one thing into another. */
  public BufferType opposite() {
    return switch (this) {
      case CAPTURE -> OUTPUT;
      case OUTPUT -> CAPTURE;
      case CAPTURE_MPLANE -> OUTPUT_MPLANE;
      case OUTPUT_MPLANE -> CAPTURE_MPLANE;
    };
  }

  /** Whether the planes of a picture may lie in buffers of their own. */
  public boolean isMultiPlanar() {
    return isMultiPlanar;
  }
}
