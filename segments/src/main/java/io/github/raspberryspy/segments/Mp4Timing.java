package io.github.raspberryspy.segments;

import static io.github.raspberryspy.segments.Mp4Boxes.need;
import static io.github.raspberryspy.segments.Mp4Boxes.next;
import static io.github.raspberryspy.segments.Mp4Boxes.require;

import java.nio.ByteBuffer;

/**
 * What a track's fragments are read by.
 *
 * @param id of the track
 * @param timescale ticks a second, above 0
 * @param duration of a sample by default, ticks
 * @param size of a sample by default, bytes
 * @param flags of a sample by default
 */
record Mp4Timing(int id, int timescale, long duration, long size, int flags) {

  /** Reads those of a {@code trak} box in its {@code moov} box. */
  static Mp4Timing parse(ByteBuffer moov, ByteBuffer trak) throws Mp4Boxes.Damaged {
    ByteBuffer tkhd = need(require(trak, "tkhd"), 24);
    int id = tkhd.get(0) == 1 ? tkhd.getInt(20) : tkhd.getInt(12);
    ByteBuffer mdhd = require(require(trak, "mdia"), "mdhd");
    int version = need(mdhd, 24).get(0);
    int timescale = version == 1 ? need(mdhd, 36).getInt(20) : mdhd.getInt(12);
    if (timescale <= 0) {
      throw new Mp4Boxes.Damaged("mdhd has a timescale of " + Integer.toUnsignedString(timescale));
    }
    ByteBuffer trex = defaults(require(moov, "mvex"), id);
    return new Mp4Timing(
        id,
        timescale,
        Integer.toUnsignedLong(trex.getInt(12)),
        Integer.toUnsignedLong(trex.getInt(16)),
        trex.getInt(20));
  }

  /** Those of this track, or the first ones where no track is named. */
  private static ByteBuffer defaults(ByteBuffer mvex, int id) throws Mp4Boxes.Damaged {
    ByteBuffer rest = mvex.duplicate();
    for (ByteBuffer trex = next(rest, "trex"); trex != null; trex = next(rest, "trex")) {
      if (need(trex, 24).getInt(4) == id) {
        return trex;
      }
    }
    return need(require(mvex, "trex"), 24);
  }

  /** Ticks as microseconds. */
  long micros(long ticks) {
    return scale(ticks, timescale, 1_000_000);
  }

  /** So many ticks of one clock as those of another; none is beyond 31 years. */
  static long scale(long ticks, int from, int to) {
    return ticks / from * to + ticks % from * to / from;
  }
}
