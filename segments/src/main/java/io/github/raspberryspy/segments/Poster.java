package io.github.raspberryspy.segments;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final Logger log = LoggerFactory.getLogger(Poster.class);

  /** The extended type of the box. */
  public static final UUID TYPE = UUID.fromString("8d2f6e0c-5a0b-4f0e-9a37-7261737079e2");

  /** Largest picture, bytes. */
  public static final int MAX_BYTES = 128 << 10;

  /** It lies in front of one of so many first fragments, or nowhere. */
  public static final int LATEST_FRAGMENT = 16;

  /** The file's own beginning, and a head and a body for each fragment. */
  private static final int MOST_BOXES = 4 + 2 * LATEST_FRAGMENT;

  private static final int TYPE_BYTES = 16;
  private static final int HEAD_BYTES = 8 + TYPE_BYTES;

  /** What lies at the beginning is read at once: most posters are there. */
  private static final int BEGINNING_BYTES = 64 << 10;

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
  public static Optional<byte[]> find(Mp4Source file) throws IOException {
    try (Mp4Reader reader = new Mp4Reader(file, 0, file.bytes(), BEGINNING_BYTES)) {
      Mp4Reader.Head box = reader.next();
      for (int i = 0; i < MOST_BOXES && box != null; i++) {
        long body = box.bodyBytes();
        if (box.type().equals("uuid") && body >= TYPE_BYTES) {
          ByteBuffer type = reader.read(TYPE_BYTES);
          body -= TYPE_BYTES;
          if (new UUID(type.getLong(), type.getLong()).equals(TYPE)) {
            return body > MAX_BYTES
                ? Optional.empty()
                : Optional.of(reader.read((int) body).array()).filter(Poster::fits);
          }
        }
        reader.skip(body);
        box = reader.next();
      }
    } catch (EOFException e) {
      log.debug("a video ends before its poster", e);
    }
    return Optional.empty();
  }
}
