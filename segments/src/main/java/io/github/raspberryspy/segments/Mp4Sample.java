package io.github.raspberryspy.segments;

import static io.github.raspberryspy.segments.Mp4Boxes.need;
import static io.github.raspberryspy.segments.Mp4Boxes.next;
import static io.github.raspberryspy.segments.Mp4Boxes.require;
import static io.github.raspberryspy.segments.Mp4Boxes.skip;
import static io.github.raspberryspy.segments.Mp4Boxes.uint;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One sample of a fragment.
 *
 * @param time when it is decoded, ticks
 * @param duration ticks
 * @param offset of its bytes, from the beginning of the {@code moof} box on
 * @param size of its bytes
 * @param flags as in ISO/IEC 14496-12 section 8.8.3.1
 * @param shift of its presentation, ticks
 */
record Mp4Sample(long time, long duration, long offset, long size, int flags, int shift) {

  /** Whoever cuts a fragment looks at each of its samples: a second has a hundred. */
  private static final int MOST = 1 << 16;

  private static final int NOT_SYNC = 0x10000;
  private static final int BASE_IS_MOOF = 0x20000;

  boolean isKeyframe() {
    return (flags & NOT_SYNC) == 0;
  }

  long end() {
    return time + duration;
  }

  /** Those of a {@code traf} box's body, in the order of decoding. */
  static List<Mp4Sample> of(ByteBuffer traf, Mp4Timing track) throws Mp4Boxes.Damaged {
    ByteBuffer tfhd = need(require(traf, "tfhd"), 8);
    int flags = tfhd.getInt();
    tfhd.getInt();
    if ((flags & 0x1) != 0 || (flags & BASE_IS_MOOF) == 0) {
      throw new Mp4Boxes.Damaged("a fragment's bytes are not counted from its own beginning");
    }
    skip(tfhd, flags & 0x2, 4);
    long duration = (flags & 0x8) != 0 ? uint(tfhd) : track.duration();
    long size = (flags & 0x10) != 0 ? uint(tfhd) : track.size();
    int ownFlags = (flags & 0x20) != 0 ? (int) uint(tfhd) : track.flags();
    List<Mp4Sample> samples = new ArrayList<>();
    Defaults defaults = new Defaults(duration, size, ownFlags);
    long time = time(traf);
    long offset = -1;
    ByteBuffer rest = traf.duplicate();
    for (ByteBuffer trun = next(rest, "trun"); trun != null; trun = next(rest, "trun")) {
      defaults.read(need(trun, 8), time, offset, samples);
      if (!samples.isEmpty()) {
        Mp4Sample last = samples.get(samples.size() - 1);
        time = last.end();
        offset = last.offset + last.size;
      }
    }
    return samples;
  }

  /** When the first one is decoded, ticks. */
  private static long time(ByteBuffer traf) throws Mp4Boxes.Damaged {
    ByteBuffer tfdt = need(require(traf, "tfdt"), 8);
    return tfdt.get(0) == 1 ? need(tfdt, 12).getLong(4) : Integer.toUnsignedLong(tfdt.getInt(4));
  }

  /** What holds for samples that do not say otherwise. */
  private record Defaults(long duration, long size, int flags) {

    void read(ByteBuffer trun, long start, long behind, List<Mp4Sample> samples)
        throws Mp4Boxes.Damaged {
      int has = trun.getInt();
      long count = Integer.toUnsignedLong(trun.getInt());
      long offset = (has & 0x1) != 0 ? need(trun, 4).getInt() : behind;
      int first = (has & 0x4) != 0 ? (int) uint(trun) : flags;
      if (offset < 0 || samples.size() + count > MOST) {
        throw new Mp4Boxes.Damaged("trun has " + count + " samples, or no place for them");
      }
      long time = start;
      for (long i = 0; i < count; i++) {
        long length = (has & 0x100) != 0 ? uint(trun) : duration;
        long bytes = (has & 0x200) != 0 ? uint(trun) : size;
        int own = i == 0 ? first : flags;
        own = (has & 0x400) != 0 ? (int) uint(trun) : own;
        int shift = (has & 0x800) != 0 ? (int) uint(trun) : 0;
        samples.add(new Mp4Sample(time, length, offset, bytes, own, shift));
        time += length;
        offset += bytes;
      }
    }
  }
}
