package io.github.raspberryspy.camera.live;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The boxes of a live stream of one track of H.264, times in microseconds. Source: ISO/IEC 14496-12
 * (boxes), 14496-15 section 5.3.3.1 (avcC).
 */
final class Boxes {

  /** Bytes of a fragment before its picture: a moof and the head of an mdat. */
  static final int FRAGMENT_HEAD = 112;

  private static final int TIMESCALE = 1_000_000;
  private static final int HIGH_PROFILE = 100;
  private static final int IS_SYNC = 0x0200_0000; // depends on no other
  private static final int IS_NOT_SYNC = 0x0101_0000; // depends on others
  private static final int[] IDENTITY = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000};

  private final ByteBuffer out;

  private Boxes(ByteBuffer out) {
    this.out = out;
  }

  /** ftyp and moov, without a length: the stream has no end. */
  static ByteBuffer init(int width, int height, byte[] sps, byte[] pps) {
    Boxes boxes = new Boxes(ByteBuffer.allocate(1024 + sps.length + pps.length));
    boxes.box("ftyp", () -> boxes.text("iso6").ints(0).text("iso6").text("avc1").text("mp41"));
    boxes.box(
        "moov",
        () -> {
          boxes.full("mvhd", 0, 0, () -> boxes.movie());
          boxes.box("trak", () -> boxes.track(width, height, sps, pps));
          boxes.box("mvex", () -> boxes.full("trex", 0, 0, () -> boxes.ints(1, 1, 0, 0, 0)));
        });
    return boxes.out.flip();
  }

  /** Puts the head of a fragment of one picture of this many bytes. */
  static void fragmentHead(ByteBuffer to, int sequence, Timing timing, int sizeBytes) {
    Boxes boxes = new Boxes(to);
    int start = to.position();
    boxes.box(
        "moof",
        () -> {
          boxes.full("mfhd", 0, 0, () -> boxes.ints(sequence));
          boxes.box(
              "traf",
              () -> {
                boxes.full("tfhd", 0, 0x02_0000, () -> boxes.ints(1));
                boxes.full("tfdt", 1, 0, () -> to.putLong(timing.decodeUs));
                boxes.full(
                    "trun",
                    1,
                    0xf01,
                    () ->
                        boxes.ints(
                            1,
                            FRAGMENT_HEAD,
                            (int) timing.durationUs,
                            sizeBytes,
                            timing.isKeyframe ? IS_SYNC : IS_NOT_SYNC,
                            (int) timing.shownAfterUs));
              });
        });
    boxes.ints(8 + sizeBytes).text("mdat");
    if (to.position() - start != FRAGMENT_HEAD) {
      throw new IllegalStateException("the head of a fragment is " + (to.position() - start));
    }
  }

  /**
   * When a picture is shown.
   *
   * @param shownAfterUs from its decode time to its presentation time
   */
  record Timing(long decodeUs, long shownAfterUs, long durationUs, boolean isKeyframe) {}

  private void movie() {
    ints(0, 0, TIMESCALE, 0, 0x10000);
    out.putShort((short) 0x100).putShort((short) 0);
    ints(0, 0).ints(IDENTITY).ints(0, 0, 0, 0, 0, 0, 2);
  }

  private void track(int width, int height, byte[] sps, byte[] pps) {
    full(
        "tkhd",
        0,
        3,
        () -> ints(0, 0, 1, 0, 0, 0, 0, 0, 0).ints(IDENTITY).ints(width << 16, height << 16));
    box(
        "mdia",
        () -> {
          full("mdhd", 0, 0, () -> ints(0, 0, TIMESCALE, 0, 0x55c4_0000));
          full("hdlr", 0, 0, () -> ints(0).text("vide").ints(0, 0, 0).text("\0"));
          box("minf", () -> media(width, height, sps, pps));
        });
  }

  private void media(int width, int height, byte[] sps, byte[] pps) {
    full("vmhd", 0, 1, () -> ints(0, 0));
    box("dinf", () -> full("dref", 0, 0, () -> ints(1).full("url ", 0, 1, () -> {})));
    box(
        "stbl",
        () -> {
          full("stsd", 0, 0, () -> ints(1).box("avc1", () -> sampleEntry(width, height, sps, pps)));
          full("stts", 0, 0, () -> ints(0));
          full("stsc", 0, 0, () -> ints(0));
          full("stsz", 0, 0, () -> ints(0, 0));
          full("stco", 0, 0, () -> ints(0));
        });
  }

  private void sampleEntry(int width, int height, byte[] sps, byte[] pps) {
    ints(0, 1, 0, 0, 0, 0);
    out.putShort((short) width).putShort((short) height);
    ints(0x48_0000, 0x48_0000, 0);
    out.putShort((short) 1).put(new byte[32]).putShort((short) 24).putShort((short) -1);
    box(
        "avcC",
        () -> {
          out.put((byte) 1).put(sps, 1, 3).put((byte) 0xff).put((byte) 0xe1);
          out.putShort((short) sps.length).put(sps);
          out.put((byte) 1).putShort((short) pps.length).put(pps);
          if (sps[1] == HIGH_PROFILE) {
            out.put((byte) 0xfd).put((byte) 0xf8).put((byte) 0xf8).put((byte) 0); // 4:2:0, 8 bits
          }
        });
  }

  private Boxes full(String type, int version, int flags, Runnable content) {
    return box(
        type,
        () -> {
          ints(version << 24 | flags);
          content.run();
        });
  }

  private Boxes box(String type, Runnable content) {
    int start = out.position();
    ints(0).text(type);
    content.run();
    out.putInt(start, out.position() - start);
    return this;
  }

  private Boxes ints(int... values) {
    for (int value : values) {
      out.putInt(value);
    }
    return this;
  }

  private Boxes text(String ascii) {
    out.put(ascii.getBytes(StandardCharsets.US_ASCII));
    return this;
  }
}
