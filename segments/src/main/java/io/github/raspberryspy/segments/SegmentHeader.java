package io.github.raspberryspy.segments;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a segment's file says of itself from its first durable byte on: enough to make a manifest
 * for it after a crash. It lies in a {@code uuid} box behind the {@code moov} box, which players
 * pass over.
 *
 * <pre>
 *   0        4       8                  24
 *   +--------+-------+------------------+---------------------------------------------+
 *   | size   | uuid  | {@link #TYPE}    | UTF-8: "1 ID START-US CLOCK FIRST-PTS-US FPS-MILLI  |
 *   |        |       |                  |          gap=START-US,END-US,REASON …"              |
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
 * @param gaps what the recorder knew to be missing before it, to the microsecond
 */
public record SegmentHeader(
    SegmentId id, Instant start, ClockState clock, long firstPtsUs, double fps, List<Gap> gaps) {

  /** The extended type of the box. */
  public static final UUID TYPE = UUID.fromString("8d2f6e0c-5a0b-4f0e-9a37-7261737079e1");

  private static final int HEAD_BYTES = 24;

  /** More than that of gaps is left out: a reader takes a box of 4 KiB at the most. */
  private static final int MOST_OF_GAPS = 3000;

  private static final Pattern GAP = Pattern.compile("gap=(-?[0-9]{1,17}),(-?[0-9]{1,17}),(\\S+)");

  /** One before which nothing is known to be missing. */
  public SegmentHeader(SegmentId id, Instant start, ClockState clock, long firstPtsUs, double fps) {
    this(id, start, clock, firstPtsUs, fps, List.of());
  }

  /** Checks presence, and copies the list. */
  public SegmentHeader {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(start, "start");
    Objects.requireNonNull(clock, "clock");
    gaps = List.copyOf(gaps);
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
                Long.toString(Math.round(fps * 1000)) + gapsText())
            .getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(HEAD_BYTES + text.length)
        .putInt(HEAD_BYTES + text.length)
        .put("uuid".getBytes(StandardCharsets.US_ASCII))
        .putLong(TYPE.getMostSignificantBits())
        .putLong(TYPE.getLeastSignificantBits())
        .put(text)
        .array();
  }

  private String gapsText() {
    StringBuilder text = new StringBuilder();
    for (Gap gap : gaps) {
      text.append(" gap=").append(micros(gap.start())).append(',').append(micros(gap.end()));
      text.append(',').append(gap.reason().replaceAll("\\s", "_"));
    }
    return text.length() > MOST_OF_GAPS ? "" : text.toString();
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
        Long.parseLong(parts[5]) / 1000.0,
        gaps(parts));
  }

  /** Other words are a later version's. */
  private static List<Gap> gaps(String[] parts) {
    List<Gap> gaps = new ArrayList<>();
    for (String part : parts) {
      Matcher gap = GAP.matcher(part);
      if (gap.matches()) {
        Instant start = instant(Long.parseLong(gap.group(1)));
        Instant end = instant(Long.parseLong(gap.group(2)));
        gaps.add(new Gap(start, end, gap.group(3).replace('_', ' ')));
      }
    }
    return gaps;
  }

  private static long micros(Instant t) {
    return Math.addExact(Math.multiplyExact(t.getEpochSecond(), 1_000_000L), t.getNano() / 1000);
  }

  private static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
  }
}
