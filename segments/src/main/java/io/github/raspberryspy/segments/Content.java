package io.github.raspberryspy.segments;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The bytes of a segment's file, without the bytes: what a receipt vouches for.
 *
 * @param bytes size of the file, above 0
 * @param sha256 64 lower-case hexadecimal digits
 */
public record Content(long bytes, String sha256) {

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  /** Checks ranges. */
  public Content {
    Objects.requireNonNull(sha256, "sha256");
    if (bytes <= 0) {
      throw new IllegalArgumentException("size of " + bytes + " bytes is not above 0");
    }
    if (!HEX.matcher(sha256).matches()) {
      throw new IllegalArgumentException(
          "sha256 \"" + sha256 + "\" is not 64 lower-case hexadecimal digits");
    }
  }
}
