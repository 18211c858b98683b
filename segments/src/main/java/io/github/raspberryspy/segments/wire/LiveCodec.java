package io.github.raspberryspy.segments.wire;

import io.github.raspberryspy.segments.ManifestException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Writes and reads live messages; numbers are big-endian, times are microseconds.
 *
 * <pre>
 *   init       1 | start since 1970 (8) | width (2) | height (2) | codec (11) | ftyp moov
 *   fragment   2 a keyframe, 3 another | captured since 1970 (8) | media time (8) | moof mdat
 * </pre>
 */
public final class LiveCodec {

  /** Most bytes of a message. */
  public static final int MOST_BYTES = 8 << 20;

  /** And of what comes before all fragments, which takes less than a thousand. */
  static final int MOST_INIT_BYTES = 64 << 10;

  private static final int CODEC_BYTES = 11;
  private static final int MOST_HEAD = 1 + 8 + 2 + 2 + CODEC_BYTES;
  private static final byte INIT = 1;
  private static final byte KEYFRAME = 2;
  private static final byte OTHER = 3;

  private LiveCodec() {}

  /** What goes before the payload; the payload follows as it is, and need not be copied for it. */
  public static ByteBuffer head(LiveMessage message) {
    ByteBuffer out = ByteBuffer.allocate(MOST_HEAD);
    if (message instanceof LiveMessage.Init init) {
      out.put(INIT).putLong(micros(init.start()));
      out.putShort((short) init.width()).putShort((short) init.height());
      out.put(init.codec().getBytes(StandardCharsets.US_ASCII));
    } else if (message instanceof LiveMessage.Fragment fragment) {
      out.put(fragment.isKeyframe() ? KEYFRAME : OTHER).putLong(micros(fragment.captured()));
      out.putLong(fragment.timeUs());
    }
    return out.flip();
  }

  /**
   * Reads a message.
   *
   * @param message from its position to its limit; its memory is kept, not copied
   * @throws ManifestException in one sentence, if it is none
   */
  public static LiveMessage decode(ByteBuffer message) throws ManifestException {
    ByteBuffer in = message.slice();
    if (in.remaining() > MOST_BYTES) {
      throw new ManifestException("a live message is at most " + MOST_BYTES + " bytes");
    }
    try {
      byte kind = in.get();
      Instant time = instant(in.getLong());
      return switch (kind) {
        case INIT -> init(time, in);
        case KEYFRAME, OTHER ->
            new LiveMessage.Fragment(kind == KEYFRAME, in.getLong(), time, payload(in));
        default -> throw new ManifestException("there is no live message of the kind " + kind);
      };
    } catch (BufferUnderflowException e) {
      throw new ManifestException("a live message is cut off");
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new ManifestException("a live message cannot be: " + e.getMessage());
    }
  }

  private static LiveMessage.Init init(Instant start, ByteBuffer in) throws ManifestException {
    if (in.remaining() > MOST_INIT_BYTES) {
      throw new ManifestException("a stream begins with at most " + MOST_INIT_BYTES + " bytes");
    }
    int width = in.getShort() & 0xffff;
    int height = in.getShort() & 0xffff;
    byte[] codec = new byte[CODEC_BYTES];
    in.get(codec);
    String name = new String(codec, StandardCharsets.US_ASCII);
    return new LiveMessage.Init(name, width, height, start, payload(in));
  }

  private static ByteBuffer payload(ByteBuffer in) throws ManifestException {
    if (!in.hasRemaining()) {
      throw new ManifestException("a live message is empty");
    }
    return in.slice();
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
