package io.github.raspberryspy.segments;

import static io.github.raspberryspy.segments.Mp4Boxes.find;
import static io.github.raspberryspy.segments.Mp4Boxes.need;
import static io.github.raspberryspy.segments.Mp4Boxes.require;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A track of sound, from its {@code trak} box: AAC or Opus.
 *
 * <p>Source: ISO/IEC 14496-12 section 12.2 (AudioSampleEntry), 14496-1 section 7.2.6 (descriptors),
 * RFC 6381 section 3.3.
 */
record Mp4SoundTrack(Mp4Timing timing, AudioFormat format) {

  /** Bytes of an AudioSampleEntry before the boxes in it. */
  private static final int ENTRY_BYTES = 28;

  private static final int ES_DESCRIPTOR = 3;
  private static final int DECODER_CONFIG = 4;
  private static final int DECODER_SPECIFIC = 5;

  /** Reads one; empty where it is no track of AAC or Opus. */
  static Optional<Mp4SoundTrack> parse(ByteBuffer moov, ByteBuffer trak) throws Mp4Boxes.Damaged {
    ByteBuffer stsd = Mp4Track.descriptions(trak);
    ByteBuffer aac = find(stsd, "mp4a");
    ByteBuffer entry = aac != null ? aac : find(stsd, "Opus");
    if (entry == null) {
      return Optional.empty();
    }
    need(entry, ENTRY_BYTES);
    int channels = Short.toUnsignedInt(entry.getShort(16));
    int rate = Short.toUnsignedInt(entry.getShort(24));
    String codec =
        aac == null ? "opus" : aac(entry.slice(ENTRY_BYTES, entry.remaining() - ENTRY_BYTES));
    return Optional.of(
        new Mp4SoundTrack(Mp4Timing.parse(moov, trak), new AudioFormat(codec, rate, channels)));
  }

  private static String aac(ByteBuffer boxes) throws Mp4Boxes.Damaged {
    ByteBuffer esds = need(require(boxes, "esds"), 4).position(4).slice();
    ByteBuffer es = need(descriptor(esds, ES_DESCRIPTOR), 3).position(3).slice();
    ByteBuffer config = need(descriptor(es, DECODER_CONFIG), 13);
    String codec = "mp4a." + Integer.toHexString(config.get(0) & 0xff);
    ByteBuffer specific = need(descriptor(config.position(13).slice(), DECODER_SPECIFIC), 1);
    return codec + "." + ((specific.get(0) & 0xff) >> 3);
  }

  /** The body of a descriptor, whose length is written in groups of seven bits. */
  private static ByteBuffer descriptor(ByteBuffer b, int tag) throws Mp4Boxes.Damaged {
    if (need(b, 2).get() != tag) {
      throw new Mp4Boxes.Damaged("esds lacks descriptor " + tag);
    }
    int length = 0;
    byte part = (byte) 0x80;
    for (int i = 0; i < 4 && part < 0; i++) {
      part = need(b, 1).get();
      length = (length << 7) | (part & 0x7f);
    }
    return need(b, length).slice(b.position(), length);
  }
}
