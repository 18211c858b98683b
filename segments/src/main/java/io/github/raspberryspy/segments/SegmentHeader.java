package io.github.raspberryspy.segments;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * What a segment's file says of itself from its first durable byte on: enough to make a manifest
 * for it after a crash. It lies in a {@code uuid} box behind the {@code moov} box, which players
 * pass over.
 *
 * <pre>
 *   0        4       8                  24
 *   +--------+-------+------------------+---------------------------------------------+
 *   | size   | uuid  | {@link #TYPE}    | UTF-8: "1 ID START-US CLOCK FIRST-PTS-US FPS-MILLI"  |
 *   +--------+-------+------------------+---------------------------------------------+
 * </pre>
 *
 * Source: ISO/IEC 14496-12 section 4.2, user extension boxes.
 *
 * @param id which segment
 * @param start wall time of the first frame, to the microsecond
 * @param clock how far that can be trusted
 * @param firstPtsUs time of the first frame since the run's first frame, microseconds
 * @param fps nominal frames per second
 */
public record SegmentHeader(
    SegmentId id, Instant start, ClockState clock, long firstPtsUs, double fps) {

  /** The extended type of the box. */
  public static final UUID TYPE = UUID.fromString("8d2f6e0c-5a0b-4f0e-9a37-7261737079e1");

  private static final int HEAD_BYTES = 24;

  /** Checks presence. */
  public SegmentHeader {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(start, "start");
    Objects.requireNonNull(clock, "clock");
  }

  /** The whole box. */
  public byte[] toBox() {
    byte[] text =
        String.join(
                " ",
                "1",
                id.toString(),
                Long.toString(micros(start)),
                clock.name(),
                Long.toString(firstPtsUs),
                Long.toString(Math.round(fps * 1000)))
            .getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(HEAD_BYTES + text.length)
        .putInt(HEAD_BYTES + text.length)
        .put("uuid".getBytes(StandardCharsets.US_ASCII))
        .putLong(TYPE.getMostSignificantBits())
        .putLong(TYPE.getLeastSignificantBits())
        .put(text)
        .array();
  }

  /**
   * Reads the payload of the box, the part behind the extended type.
   *
   * @throws IllegalArgumentException if it is not one
   */
  static SegmentHeader parse(String text) {
    String[] parts = text.split(" ", -1);
    if (parts.length < 6 || !parts[0].equals("1")) {
      throw new IllegalArgumentException("the segment's own header is not of version 1");
    }
    return new SegmentHeader(
        SegmentId.parse(parts[1]),
        instant(Long.parseLong(parts[2])),
        ClockState.valueOf(parts[3]),
        Long.parseLong(parts[4]),
        Long.parseLong(parts[5]) / 1000.0);
  }

  private static long micros(Instant t) {
    return Math.addExact(Math.multiplyExact(t.getEpochSecond(), 1_000_000L), t.getNano() / 1000);
  }

  private static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
  }
}
