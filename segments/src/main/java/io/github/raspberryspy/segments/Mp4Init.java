package io.github.raspberryspy.segments;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * Writes the beginning of a fragmented MP4 file after another's: the same tracks, and a duration, a
 * title, a comment and chapters.
 *
 * <p>Source: ISO/IEC 14496-12 sections 8.2.2 (mvhd), 8.8.2 (mehd); FFmpeg {@code
 * libavformat/movenc.c} for what players read of {@code ilst} and {@code chpl}.
 */
final class Mp4Init {

  private static final long SECONDS_1904_TO_1970 = 2_082_844_800L;
  private static final int MOST_CHAPTERS = 255;
  private static final int MOST_OF_A_CHAPTER = 255;
  private static final Set<String> OURS = Set.of("udta", "meta");

  private final Mp4Head head;
  private final long durationUs;
  private final Mp4Label label;

  Mp4Init(Mp4Head head, long durationUs, Mp4Label label) {
    this.head = head;
    this.durationUs = durationUs;
    this.label = label;
  }

  /** The bytes. */
  byte[] bytes() throws Mp4Boxes.Damaged {
    byte[] ftyp = box("ftyp", text("iso6"), ints(512), text("iso6iso5isommp41"));
    ByteArrayOutputStream moov = new ByteArrayOutputStream();
    int timescale = 0;
    ByteBuffer rest = head.moov();
    while (rest.remaining() >= 8) {
      int at = rest.position();
      int size = rest.getInt(at);
      String type = Mp4Boxes.type(rest.duplicate().position(at + 4));
      if (size < 8 || size > rest.remaining()) {
        throw new Mp4Boxes.Damaged("a box in moov leaves it");
      }
      byte[] child = new byte[size];
      rest.get(child);
      if (type.equals("mvhd")) {
        timescale = stamp(ByteBuffer.wrap(child, 8, size - 8).slice());
      } else if (type.equals("mvex")) {
        child = box("mvex", duration(timescale), withoutDuration(child));
      }
      if (!OURS.contains(type)) {
        moov.writeBytes(child);
      }
    }
    moov.writeBytes(box("udta", metadata(), chapters()));
    return join(ftyp, box("moov", moov.toByteArray()));
  }

  /** Writes the time of filming and the duration into it. Returns its timescale. */
  private int stamp(ByteBuffer mvhd) throws Mp4Boxes.Damaged {
    long made = label.made().getEpochSecond() + SECONDS_1904_TO_1970;
    boolean isWide = Mp4Boxes.need(mvhd, 32).get(0) == 1;
    int timescale = mvhd.getInt(isWide ? 20 : 12);
    if (timescale <= 0) {
      return 0;
    }
    long ticks = Mp4Timing.scale(durationUs, 1_000_000, timescale);
    if (isWide) {
      mvhd.putLong(4, made).putLong(12, made).putLong(24, ticks);
    } else if (ticks <= 0xffff_fffeL) {
      mvhd.putInt(4, (int) made).putInt(8, (int) made).putInt(16, (int) ticks);
    }
    return timescale;
  }

  private byte[] duration(int timescale) {
    if (timescale == 0) {
      return new byte[0];
    }
    long ticks = Mp4Timing.scale(durationUs, 1_000_000, timescale);
    return box("mehd", ints(0x01000000), longs(ticks));
  }

  private static byte[] withoutDuration(byte[] mvex) throws Mp4Boxes.Damaged {
    ByteBuffer rest = ByteBuffer.wrap(mvex, 8, mvex.length - 8).slice();
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    for (ByteBuffer trex = Mp4Boxes.next(rest, "trex");
        trex != null;
        trex = Mp4Boxes.next(rest, "trex")) {
      byte[] body = new byte[trex.remaining()];
      trex.get(body);
      kept.writeBytes(box("trex", body));
    }
    return kept.toByteArray();
  }

  private byte[] metadata() {
    byte[] handler =
        box("hdlr", ints(0, 0), text("mdir"), text("appl"), ints(0, 0), new byte[] {0});
    byte[] list = box("ilst", item("\u00a9nam", label.title()), item("\u00a9cmt", label.comment()));
    return box("meta", ints(0), handler, list);
  }

  private static byte[] item(String name, String value) {
    return box(name, box("data", ints(1, 0), value.getBytes(UTF_8)));
  }

  private byte[] chapters() {
    List<Mp4Label.Chapter> all = label.chapters();
    List<Mp4Label.Chapter> chapters = all.subList(0, Math.min(all.size(), MOST_CHAPTERS));
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(ints(0x01000000, 0));
    body.write(chapters.size());
    for (Mp4Label.Chapter chapter : chapters) {
      byte[] title = chapter.title().getBytes(UTF_8);
      int length = Math.min(title.length, MOST_OF_A_CHAPTER);
      body.writeBytes(longs(chapter.startUs() * 10));
      body.write(length);
      body.write(title, 0, length);
    }
    return box("chpl", body.toByteArray());
  }

  private static byte[] box(String type, byte[]... bodies) {
    byte[] body = join(bodies);
    return join(ints(8 + body.length), text(type), body);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }

  private static byte[] ints(int... values) {
    ByteBuffer b = ByteBuffer.allocate(4 * values.length);
    for (int value : values) {
      b.putInt(value);
    }
    return b.array();
  }

  private static byte[] longs(long value) {
    return ByteBuffer.allocate(8).putLong(value).array();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
