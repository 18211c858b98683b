package io.github.raspberryspy.segments.wire;

import java.io.ByteArrayOutputStream;

/** Bytes as capital letters and digits, which a QR code packs well. Source: RFC 4648 section 6. */
final class Base32 {

  private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int BITS = 5;

  private Base32() {}

  /** Without padding. */
  static String encode(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    int held = 0;
    int bits = 0;
    for (byte b : bytes) {
      held = ((held << Byte.SIZE) | (b & 0xff)) & 0xffff;
      bits += Byte.SIZE;
      while (bits >= BITS) {
        bits -= BITS;
        text.append(DIGITS.charAt((held >> bits) & 31));
      }
    }
    if (bits > 0) {
      text.append(DIGITS.charAt((held << (BITS - bits)) & 31));
    }
    return text.toString();
  }

  /**
   * Small letters do too.
   *
   * @throws IllegalArgumentException if there is another digit
   */
  static byte[] decode(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int held = 0;
    int bits = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int digit = DIGITS.indexOf(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
      if (digit < 0) {
        throw new IllegalArgumentException("there is a sign that no code has");
      }
      held = ((held << BITS) | digit) & 0xffff;
      bits += BITS;
      if (bits >= Byte.SIZE) {
        bits -= Byte.SIZE;
        bytes.write(held >> bits);
      }
    }
    return bytes.toByteArray();
  }
}
