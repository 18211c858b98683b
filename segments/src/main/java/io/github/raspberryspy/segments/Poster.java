package io.github.raspberryspy.segments;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/**
 * A still of a segment: a small JPEG that the camera makes of the segment's beginning. It lies in a
 * {@code uuid} box of the segment's own file, in front of one of its first fragments. So it is
 * hashed, uploaded, kept and deleted with the segment, whatever happens, and players pass over it.
 *
 * <pre>
 *   0        4       8                  24
 *   +--------+-------+------------------+-----------------+
 *   | size   | uuid  | {@link #TYPE}    | JPEG, JFIF 1.02 |
 *   +--------+-------+------------------+-----------------+
 * </pre>
 *
 * Source: ISO/IEC 14496-12 section 4.2, user extension boxes.
 */
public final class Poster {

  /** The extended type of the box. */
  public static final UUID TYPE = UUID.fromString("8d2f6e0c-5a0b-4f0e-9a37-7261737079e2");

  /** Largest picture, bytes. */
  public static final int MAX_BYTES = 128 << 10;

  /** It lies in front of one of so many first fragments, or nowhere. */
  public static final int LATEST_FRAGMENT = 16;

  /** The file's own beginning, and a head and a body for each fragment. */
  private static final int MOST_BOXES = 4 + 2 * LATEST_FRAGMENT;

  private static final int HEAD_BYTES = 24;

  /** No file is so large; so many boxes of it still add up. */
  private static final long LARGEST_BOX = 1L << 48;

  /** What lies at the beginning is read at once: most posters are there. */
  private static final int BEGINNING_BYTES = 64 << 10;

  /** Where a file's bytes come from. */
  @FunctionalInterface
  public interface Source {

    /** Reads so many bytes from an offset on; fewer where the file ends before. */
    byte[] read(long at, int bytes) throws IOException;
  }

  private Poster() {}

  /** Whether these bytes can be a poster: begin like a JPEG, and are few enough. */
  public static boolean fits(byte[] jpeg) {
    return jpeg.length > 3
        && jpeg.length <= MAX_BYTES
        && jpeg[0] == (byte) 0xFF
        && jpeg[1] == (byte) 0xD8
        && jpeg[2] == (byte) 0xFF;
  }

  /**
   * The whole box.
   *
   * @throws IllegalArgumentException if the picture does not {@linkplain #fits fit}
   */
  public static byte[] toBox(byte[] jpeg) {
    if (!fits(jpeg)) {
      throw new IllegalArgumentException(
          jpeg.length + " bytes are no JPEG of at most " + MAX_BYTES + " bytes");
    }
    return ByteBuffer.allocate(HEAD_BYTES + jpeg.length)
        .putInt(HEAD_BYTES + jpeg.length)
        .put("uuid".getBytes(StandardCharsets.US_ASCII))
        .putLong(TYPE.getMostSignificantBits())
        .putLong(TYPE.getLeastSignificantBits())
        .put(jpeg)
        .array();
  }

  /**
   * The poster of a segment's file. The reader trusts nothing: it looks at a bounded number of
   * boxes, and reads no more than {@value #MAX_BYTES} bytes of one.
   *
   * @return empty where there is none
   */
  public static Optional<byte[]> find(Source file) throws IOException {
    byte[] beginning = file.read(0, BEGINNING_BYTES);
    long at = 0;
    for (int i = 0; i < MOST_BOXES; i++) {
      ByteBuffer box = ByteBuffer.wrap(read(file, beginning, at, HEAD_BYTES));
      if (box.remaining() < HEAD_BYTES) {
        return Optional.empty();
      }
      long size = Integer.toUnsignedLong(box.getInt());
      String type = Mp4Boxes.type(box);
      long first = box.getLong();
      long second = box.getLong();
      size = size == 1 ? first : size;
      if (size < 8 || size > LARGEST_BOX) {
        return Optional.empty();
      }
      if (type.equals("uuid")
          && first == TYPE.getMostSignificantBits()
          && second == TYPE.getLeastSignificantBits()) {
        return size - HEAD_BYTES > MAX_BYTES || size < HEAD_BYTES
            ? Optional.empty()
            : picture(read(file, beginning, at + HEAD_BYTES, (int) size - HEAD_BYTES), size);
      }
      at += size;
    }
    return Optional.empty();
  }

  private static Optional<byte[]> picture(byte[] jpeg, long boxBytes) {
    return Optional.of(jpeg).filter(all -> all.length == boxBytes - HEAD_BYTES && fits(all));
  }

  private static byte[] read(Source file, byte[] beginning, long at, int bytes) throws IOException {
    if (at + bytes > beginning.length) {
      return beginning.length < BEGINNING_BYTES && at >= beginning.length
          ? new byte[0] // the file ends there
          : file.read(at, bytes);
    }
    byte[] part = new byte[bytes];
    System.arraycopy(beginning, (int) at, part, 0, bytes);
    return part;
  }
}
