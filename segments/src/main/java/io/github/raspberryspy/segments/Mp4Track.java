package io.github.raspberryspy.segments;

import static io.github.raspberryspy.segments.Mp4Boxes.find;
import static io.github.raspberryspy.segments.Mp4Boxes.need;
import static io.github.raspberryspy.segments.Mp4Boxes.require;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * The facts of the one track that fragments refer to, from the {@code moov} box.
 *
 * @param timescale ticks a second, above 0
 * @param codec RFC 6381 name
 * @param width pixels
 * @param height pixels
 * @param defaultDuration of a sample, ticks
 * @param defaultSize of a sample, bytes
 * @param defaultFlags of a sample
 */
record Mp4Track(
    int timescale,
    String codec,
    int width,
    int height,
    long defaultDuration,
    long defaultSize,
    int defaultFlags) {

  /** Reads the body of a {@code moov} box. */
  static Mp4Track parse(ByteBuffer moov) throws Mp4Boxes.Damaged {
    ByteBuffer mdia = require(require(moov, "trak"), "mdia");
    ByteBuffer mdhd = require(mdia, "mdhd");
    int version = need(mdhd, 24).get(0);
    int timescale = version == 1 ? need(mdhd, 36).getInt(20) : mdhd.getInt(12);
    if (timescale <= 0) {
      throw new Mp4Boxes.Damaged("mdhd has a timescale of " + Integer.toUnsignedString(timescale));
    }
    ByteBuffer stsd = need(require(require(require(mdia, "minf"), "stbl"), "stsd"), 8);
    stsd.position(8);
    String type = find(stsd, "avc1") != null ? "avc1" : "avc3";
    ByteBuffer entry = find(stsd, type);
    if (entry == null) {
      throw new Mp4Boxes.Damaged("the track is not H.264 (no avc1 sample entry)");
    }
    need(entry, 78);
    int width = Short.toUnsignedInt(entry.getShort(24));
    int height = Short.toUnsignedInt(entry.getShort(26));
    ByteBuffer avcc = need(require(entry.slice(78, entry.remaining() - 78), "avcC"), 4);
    byte[] profile = {avcc.get(1), avcc.get(2), avcc.get(3)};
    ByteBuffer trex = need(require(require(moov, "mvex"), "trex"), 24);
    return new Mp4Track(
        timescale,
        type + "." + HexFormat.of().formatHex(profile),
        width,
        height,
        Integer.toUnsignedLong(trex.getInt(12)),
        Integer.toUnsignedLong(trex.getInt(16)),
        trex.getInt(20));
  }

  /** Ticks as microseconds. */
  long micros(long ticks) {
    return ticks / timescale * 1_000_000L + ticks % timescale * 1_000_000L / timescale;
  }
}
