package io.github.raspberryspy.segments;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What a segment's video stream is.
 *
 * @param codec RFC 6381 name, as browsers take it: {@code avc1.42c01f}
 * @param width pixels, 1 to 16384
 * @param height pixels, 1 to 16384
 * @param fps nominal frames per second, above 0
 */
public record VideoFormat(String codec, int width, int height, double fps) {

  private static final Pattern H264 = Pattern.compile("avc[13]\\.[0-9a-f]{6}");

  /** Checks ranges. */
  public VideoFormat {
    Objects.requireNonNull(codec, "codec");
    if (codec.isBlank()) {
      throw new IllegalArgumentException("codec is empty");
    }
    if (!H264.matcher(codec).matches()) {
      throw new IllegalArgumentException(
          "codec \"" + OneLine.of(codec) + "\" is not H.264, such as avc1.42c01f");
    }
    if (width < 1 || width > 16384 || height < 1 || height > 16384) {
      throw new IllegalArgumentException(
          "picture size " + width + "x" + height + " is not within 1x1 to 16384x16384");
    }
    if (!(fps > 0 && fps <= 1000)) {
      throw new IllegalArgumentException("fps " + fps + " is not above 0 and at most 1000");
    }
  }
}
