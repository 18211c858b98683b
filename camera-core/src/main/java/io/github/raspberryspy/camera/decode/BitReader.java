package io.github.raspberryspy.camera.decode;

/**
 * Reads the fields of a NAL unit bit by bit, leaving out emulation prevention bytes. Source: ITU-T
 * H.264, 7.2, 7.4.1 and 9.1. For one thread.
 */
final class BitReader {

  private static final int MOST_LEADING_ZEROS = 31;

  /** The unit is damaged, or uses what is not read here. */
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadableException(String message) {
      super(message, null, false, false); // made once a picture where a stream is hostile
    }
  }

  private final byte[] bytes;
  private final int end;
  private int at;
  private int bit; // of the byte at `at`, from its highest on
  private int zeros; // bytes of zeros in a row before `at`

  /**
   * Over a part of an array, which is not changed.
   *
   * @param from first byte
   * @param end behind the last one
   */
  BitReader(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  /** An unsigned number of so many bits, at most 31. */
  int bits(int count) throws UnreadableException {
    int value = 0;
    for (int i = 0; i < count; i++) {
      value = (value << 1) | next();
    }
    return value;
  }

  boolean flag() throws UnreadableException {
    return next() != 0;
  }

  /** An unsigned number in Exp-Golomb code. */
  int unsigned() throws UnreadableException {
    int leading = 0;
    while (next() == 0) {
      leading++;
      if (leading > MOST_LEADING_ZEROS) {
        throw new UnreadableException("a number of more than 32 bits");
      }
    }
    long value = (1L << leading) - 1 + Integer.toUnsignedLong(bits(leading));
    if (value > Integer.MAX_VALUE) {
      throw new UnreadableException("a number beyond all that a header holds");
    }
    return (int) value;
  }

  /** As {@link #unsigned()}, where more than this makes no sense. */
  int unsigned(int most) throws UnreadableException {
    int value = unsigned();
    if (value > most) {
      throw new UnreadableException(value + " where at most " + most + " makes sense");
    }
    return value;
  }

  /** A signed number in Exp-Golomb code. */
  int signed() throws UnreadableException {
    int code = unsigned();
    return (code & 1) == 1 ? (code >>> 1) + 1 : -(code >>> 1);
  }

  private int next() throws UnreadableException {
    if (bit == 0 && zeros >= 2 && at < end && bytes[at] == 3) {
      at++;
      zeros = 0;
    }
    if (at >= end) {
      throw new UnreadableException("the unit ends within its header");
    }
    int value = (bytes[at] >> (7 - bit)) & 1;
    bit++;
    if (bit == 8) {
      zeros = bytes[at] == 0 ? zeros + 1 : 0;
      bit = 0;
      at++;
    }
    return value;
  }
}
