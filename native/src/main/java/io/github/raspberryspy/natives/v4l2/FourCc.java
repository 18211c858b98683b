package io.github.raspberryspy.natives.v4l2;

/**
 * The four letters by which V4L2 knows a pixel format or codec: {@code YUYV}, {@code H264}.
 *
 * @param code the letters, the first in the lowest byte; the highest bit says big-endian
 */
public record FourCc(int code) {

  /**
   * From its letters.
   *
   * @throws IllegalArgumentException if they are not four of ASCII
   */
  public static FourCc of(String letters) {
    if (letters.length() != 4 || !letters.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      throw new IllegalArgumentException("\"" + letters + "\" is not four letters");
    }
    int code = 0;
    for (int i = 3; i >= 0; i--) {
      code = (code << 8) | letters.charAt(i);
    }
    return new FourCc(code);
  }

  /** Its letters; {@code ?} for what is none. */
  @Override
  public String toString() {
    StringBuilder letters = new StringBuilder(7);
    for (int i = 0; i < 4; i++) {
      int c = (code >> (8 * i)) & 0x7f;
      letters.append(c >= ' ' && c <= '~' ? (char) c : '?');
    }
    return code < 0 ? letters.append("-BE").toString() : letters.toString();
  }
}
