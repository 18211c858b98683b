package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.natives.v4l2.FourCc;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What may come from a V4L2 camera, the cheapest to record first: what encoders take as it is, what
 * must be converted, what is H.264 already, what must be decoded.
 */
enum V4l2Pixels {
  YU12(PixelFormat.I420, "YU12", "YM12"),
  NV12(PixelFormat.NV12, "NV12", "NM12"),
  YUYV(PixelFormat.YUYV, "YUYV", "YUYV"),
  H264(null, "H264", "H264"),
  MJPEG(null, "MJPG", "JPEG"),
  GREY(PixelFormat.GRAY8, "GREY", "GREY");

  private final PixelFormat pixels; // null for a codec
  private final String code;
  private final String
      otherCode; // with planes in buffers of their own, or another name for the same

  V4l2Pixels(PixelFormat pixels, String code, String otherCode) {
    this.pixels = pixels;
    this.code = code;
    this.otherCode = otherCode;
  }

  /** As users write it. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** How the pixels lie; empty where they must be decoded first. */
  Optional<PixelFormat> pixels() {
    return Optional.ofNullable(pixels);
  }

  /** The one that the kernel means by these letters. */
  static Optional<V4l2Pixels> of(FourCc code) {
    String letters = code.toString();
    return Arrays.stream(values())
        .filter(p -> p.code.equals(letters) || p.otherCode.equals(letters))
        .findFirst();
  }

  /** The one that a user means. */
  static Optional<V4l2Pixels> of(String text) {
    return Arrays.stream(values()).filter(p -> p.text().equals(text)).findFirst();
  }

  /** What users may write, for messages. */
  static String allowed() {
    return Arrays.stream(values()).map(V4l2Pixels::text).sorted().collect(Collectors.joining(", "));
  }
}
