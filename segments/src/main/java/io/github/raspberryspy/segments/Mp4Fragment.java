package io.github.raspberryspy.segments;

import static io.github.raspberryspy.segments.Mp4Boxes.need;
import static io.github.raspberryspy.segments.Mp4Boxes.next;
import static io.github.raspberryspy.segments.Mp4Boxes.require;
import static io.github.raspberryspy.segments.Mp4Boxes.skip;
import static io.github.raspberryspy.segments.Mp4Boxes.uint;

import java.nio.ByteBuffer;

/**
 * One track's part of a {@code moof}: when its samples start, how many there are, how long and how
 * large.
 *
 * @param baseTime decode time of the first sample, ticks
 * @param duration of all samples, ticks
 * @param samples number of them, above 0
 * @param mediaBytes size of all samples
 * @param firstIsKeyframe whether the first sample decodes alone
 * @param holes between its samples
 */
record Mp4Fragment(
    long baseTime,
    long duration,
    long samples,
    long mediaBytes,
    boolean firstIsKeyframe,
    Mp4Holes holes) {

  private static final int NOT_SYNC = 0x10000;

  /** Times beyond this are damage: 31 years. It keeps every sum far from overflow. */
  static final long MAX_SECONDS = 1_000_000_000L;

  /** The track that a {@code traf} box is of. */
  static int trackOf(ByteBuffer traf) throws Mp4Boxes.Damaged {
    return need(require(traf, "tfhd"), 8).getInt(4);
  }

  /**
   * Reads the body of a {@code traf} box. The work is bounded by its size, whatever number of
   * samples it claims.
   *
   * @param holes those between its samples are noted here
   */
  static Mp4Fragment parse(ByteBuffer traf, Mp4Timing track, Mp4Holes holes)
      throws Mp4Boxes.Damaged {
    ByteBuffer tfhd = need(require(traf, "tfhd"), 8);
    int flags = tfhd.getInt();
    tfhd.getInt();
    skip(tfhd, flags & 0x1, 8);
    skip(tfhd, flags & 0x2, 4);
    long duration = (flags & 0x8) != 0 ? uint(tfhd) : track.duration();
    long size = (flags & 0x10) != 0 ? uint(tfhd) : track.size();
    int sampleFlags = (flags & 0x20) != 0 ? (int) uint(tfhd) : track.flags();
    ByteBuffer tfdt = need(require(traf, "tfdt"), 8);
    long base =
        tfdt.get(0) == 1 ? need(tfdt, 12).getLong(4) : Integer.toUnsignedLong(tfdt.getInt(4));
    Runs runs = new Runs(duration, size, sampleFlags, base, holes);
    ByteBuffer rest = traf.duplicate();
    for (ByteBuffer trun = next(rest, "trun"); trun != null; trun = next(rest, "trun")) {
      runs.add(need(trun, 8));
    }
    if (runs.samples == 0) {
      throw new Mp4Boxes.Damaged("a fragment has no samples");
    }
    long limit = MAX_SECONDS * track.timescale();
    if (base < 0 || base > limit || runs.duration > limit) {
      throw new Mp4Boxes.Damaged("a fragment's time lies beyond 31 years");
    }
    return new Mp4Fragment(
        base, runs.duration, runs.samples, runs.bytes, runs.firstIsKeyframe, holes);
  }

  /** When the last sample ends, ticks. */
  long endTime() {
    return baseTime + duration;
  }

  /** Adds up the runs of samples in a fragment. */
  private static final class Runs {
    private final long defaultDuration;
    private final long defaultSize;
    private final int defaultFlags;
    private final long base;
    private final Mp4Holes holes;
    private long samples;
    private long duration;
    private long bytes;
    private boolean firstIsKeyframe;

    Runs(long defaultDuration, long defaultSize, int defaultFlags, long base, Mp4Holes holes) {
      this.defaultDuration = defaultDuration;
      this.defaultSize = defaultSize;
      this.defaultFlags = defaultFlags;
      this.base = base;
      this.holes = holes;
    }

    void add(ByteBuffer trun) throws Mp4Boxes.Damaged {
      int flags = trun.getInt();
      long count = Integer.toUnsignedLong(trun.getInt());
      skip(trun, flags & 0x1, 4);
      int firstFlags = (flags & 0x4) != 0 ? (int) uint(trun) : defaultFlags;
      int perSample = 4 * Integer.bitCount(flags & 0xf00);
      if (samples + count > FragmentedMp4.MAX_MOOF_BYTES || count * perSample > trun.remaining()) {
        throw new Mp4Boxes.Damaged("trun has " + count + " samples, which its size does not allow");
      }
      if ((flags & 0x400) != 0 && (flags & 0x4) == 0 && count > 0) {
        int before = 4 * Integer.bitCount(flags & 0x300);
        firstFlags = need(trun, before + 4).getInt(trun.position() + before);
      }
      if (samples == 0) {
        firstIsKeyframe = (firstFlags & NOT_SYNC) == 0;
      }
      samples += count;
      sum(trun, flags, count);
    }

    private void sum(ByteBuffer trun, int flags, long count) throws Mp4Boxes.Damaged {
      boolean ownDuration = (flags & 0x100) != 0;
      boolean ownSize = (flags & 0x200) != 0;
      if (!ownDuration) {
        holes.shown(base + duration, defaultDuration, count);
        duration += count * defaultDuration;
      }
      bytes += ownSize ? 0 : count * defaultSize;
      for (long i = 0; (ownDuration || ownSize) && i < count; i++) {
        if (ownDuration) {
          long own = uint(trun);
          holes.shown(base + duration, own, 1);
          duration += own;
        }
        bytes += ownSize ? uint(trun) : 0;
        skip(trun, flags & 0x400, 4);
        skip(trun, flags & 0x800, 4);
      }
    }
  }
}
