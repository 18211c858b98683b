package io.github.raspberryspy.segments;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Finds boxes inside a box that lies in memory, and checks that they fit. */
final class Mp4Boxes {

  /** The bytes of a box make no sense: the text says in one sentence why. */
  static final class Damaged extends IOException {
    private static final long serialVersionUID = 1L;

    Damaged(String message) {
      super(message);
    }
  }

  private Mp4Boxes() {}

  /** Reads four characters. */
  static String type(ByteBuffer b) {
    byte[] type = new byte[4];
    b.get(type);
    return new String(type, StandardCharsets.ISO_8859_1);
  }

  /** Whether this can be the type of a box. */
  static boolean isPrintable(String type) {
    return type.chars().allMatch(c -> c >= ' ' && c <= '~');
  }

  /** The same buffer, if so many bytes remain in it. */
  static ByteBuffer need(ByteBuffer b, int bytes) throws Damaged {
    if (b.remaining() < bytes) {
      throw new Damaged("a box is shorter than its content");
    }
    return b;
  }

  /** Reads an unsigned number of four bytes. */
  static long uint(ByteBuffer b) throws Damaged {
    return Integer.toUnsignedLong(need(b, 4).getInt());
  }

  /** Passes over so many bytes if the flag is set. */
  static void skip(ByteBuffer b, int flag, int bytes) throws Damaged {
    if (flag != 0) {
      need(b, bytes).position(b.position() + bytes);
    }
  }

  /** The body of the first child of this type. */
  static ByteBuffer require(ByteBuffer parent, String type) throws Damaged {
    ByteBuffer child = find(parent, type);
    if (child == null) {
      throw new Damaged("the " + type + " box is missing");
    }
    return child;
  }

  /** The body of the first child of this type, or null. */
  static ByteBuffer find(ByteBuffer parent, String wanted) throws Damaged {
    return next(parent.duplicate(), wanted);
  }

  /** The body of the next child of this type, or null; moves the position behind it. */
  static ByteBuffer next(ByteBuffer b, String wanted) throws Damaged {
    while (b.remaining() >= 8) {
      int start = b.position();
      long size = Integer.toUnsignedLong(b.getInt());
      String type = type(b);
      if (size < 8 || size > b.limit() - start) {
        throw new Damaged("a " + type.replaceAll("[^ -~]", "?") + " box leaves its parent");
      }
      b.position(start + (int) size);
      if (type.equals(wanted)) {
        return b.slice(start + 8, (int) size - 8);
      }
    }
    return null;
  }
}
