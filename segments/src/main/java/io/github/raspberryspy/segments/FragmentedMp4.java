package io.github.raspberryspy.segments;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a fragmented MP4 file with one H.264 track holds, read from its boxes without decoding:
 * where its last whole fragment ends, how many frames it has, and how long they last.
 *
 * <p>The reader trusts nothing: a box must lie inside its parent, the initialisation part is at
 * most {@link #MAX_INIT_BYTES}, a fragment's head at most {@link #MAX_MOOF_BYTES}, nesting is
 * fixed. A file that was cut anywhere reads as the whole fragments before the cut.
 *
 * <p>Source: ISO/IEC 14496-12 (boxes), 14496-15 (avcC), RFC 6381 section 3.3 (codec name).
 *
 * @param fileBytes size of the file
 * @param wholeBytes where the last whole fragment ends: the file is sound up to here
 * @param fragments number of whole fragments
 * @param frames number of samples in them
 * @param durationUs from the first sample's decode time to the end of the last, microseconds
 * @param codec RFC 6381 name
 * @param width pixels
 * @param height pixels
 * @param startsWithKeyframe whether the first sample is marked as one that decodes alone
 * @param header what the recorder wrote of the segment, if it did
 */
public record FragmentedMp4(
    long fileBytes,
    long wholeBytes,
    int fragments,
    long frames,
    long durationUs,
    String codec,
    int width,
    int height,
    boolean startsWithKeyframe,
    Optional<SegmentHeader> header) {

  /** Largest initialisation part ({@code moov}) that is read. */
  public static final int MAX_INIT_BYTES = 1 << 20;

  /** Largest head of a fragment ({@code moof}) that is read. */
  public static final int MAX_MOOF_BYTES = 4 << 20;

  /** Whether nothing lies behind the last whole fragment. */
  public boolean isWhole() {
    return wholeBytes == fileBytes && fragments > 0;
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read, or is no such file: the message says why
   */
  public static FragmentedMp4 scan(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new Scanner(file, channel).scan();
    }
  }

  /** One pass over the top-level boxes. */
  private static final class Scanner {
    private final Path file;
    private final FileChannel channel;
    private final long size;
    private final ByteBuffer head = ByteBuffer.allocate(16);

    private Track track;
    private Optional<SegmentHeader> header = Optional.empty();
    private long wholeBytes;
    private int fragments;
    private long frames;
    private long firstTime = -1;
    private long endTime;
    private boolean startsWithKeyframe;

    Scanner(Path file, FileChannel channel) throws IOException {
      this.file = file;
      this.channel = channel;
      this.size = channel.size();
    }

    FragmentedMp4 scan() throws IOException {
      long at = 0;
      Fragment pending = null;
      while (at + 8 <= size) {
        TopBox box = box(at);
        if (box == null || at + box.size > size) {
          break;
        }
        switch (box.type) {
          case "moov" -> track = Track.parse(load(box, MAX_INIT_BYTES, "moov"));
          case "uuid" -> readHeader(box);
          case "moof" -> pending = track == null ? null : fragment(box);
          case "mdat" -> {
            if (pending != null && pending.mediaBytes <= box.size - box.headBytes) {
              accept(pending);
              pending = null;
            } else {
              at = size; // a head without its media: nothing behind it can be trusted
              continue;
            }
          }
          default -> {
            if (!isPrintable(box.type)) {
              at = size;
              continue;
            }
          }
        }
        at += box.size;
        if (pending == null && track != null) {
          wholeBytes = at;
        }
      }
      if (track == null) {
        throw new IOException(file + " is no fragmented MP4 file: it has no whole moov box");
      }
      return new FragmentedMp4(
          size,
          wholeBytes,
          fragments,
          frames,
          firstTime < 0 ? 0 : (endTime - firstTime) * 1_000_000L / track.timescale,
          track.codec,
          track.width,
          track.height,
          startsWithKeyframe,
          header);
    }

    private void accept(Fragment fragment) {
      if (fragments == 0) {
        firstTime = fragment.baseTime;
        startsWithKeyframe = fragment.firstIsKeyframe;
      }
      fragments++;
      frames += fragment.samples;
      endTime = fragment.baseTime + fragment.duration;
    }

    private void readHeader(TopBox box) throws IOException {
      if (box.size - box.headBytes < 16 || box.size > 4096) {
        return;
      }
      ByteBuffer body = load(box, 4096, "uuid");
      if (body.getLong() == SegmentHeader.TYPE.getMostSignificantBits()
          && body.getLong() == SegmentHeader.TYPE.getLeastSignificantBits()) {
        try {
          header = Optional.of(SegmentHeader.parse(StandardCharsets.UTF_8.decode(body).toString()));
        } catch (IllegalArgumentException e) {
          throw new IOException(file + ": " + e.getMessage(), e);
        }
      }
    }

    private Fragment fragment(TopBox box) throws IOException {
      return Fragment.parse(load(box, MAX_MOOF_BYTES, "moof"), track);
    }

    /** The box at this place, or null where the bytes make no sense as one. */
    private TopBox box(long at) throws IOException {
      head.clear().limit((int) Math.min(16, size - at));
      readFully(head, at);
      head.flip();
      long boxSize = Integer.toUnsignedLong(head.getInt());
      String type = type(head);
      int headBytes = 8;
      if (boxSize == 1) {
        if (head.remaining() < 8) {
          return null;
        }
        boxSize = head.getLong();
        headBytes = 16;
      } else if (boxSize == 0) {
        boxSize = size - at;
      }
      return boxSize < headBytes || boxSize > Long.MAX_VALUE - at
          ? null
          : new TopBox(type, at, boxSize, headBytes);
    }

    private ByteBuffer load(TopBox box, int limit, String name) throws IOException {
      long bytes = box.size - box.headBytes;
      if (bytes > limit) {
        throw new IOException(
            file + ": a " + name + " box of " + bytes + " bytes is over " + limit);
      }
      ByteBuffer body = ByteBuffer.allocate((int) bytes);
      readFully(body, box.at + box.headBytes);
      return body.flip();
    }

    private void readFully(ByteBuffer into, long at) throws IOException {
      long position = at;
      while (into.hasRemaining()) {
        int n = channel.read(into, position);
        if (n < 0) {
          throw new IOException(file + " ended while it was read");
        }
        position += n;
      }
    }
  }

  private record TopBox(String type, long at, long size, int headBytes) {}

  /** The facts of the one track that fragments refer to. */
  private record Track(
      int timescale,
      String codec,
      int width,
      int height,
      long defaultDuration,
      long defaultSize,
      int defaultFlags) {

    static Track parse(ByteBuffer moov) throws IOException {
      ByteBuffer trak = require(moov, "trak");
      ByteBuffer mdia = require(trak, "mdia");
      ByteBuffer mdhd = require(mdia, "mdhd");
      int version = need(mdhd, 24).get(0);
      int timescale = version == 1 ? need(mdhd, 36).getInt(20) : mdhd.getInt(12);
      if (timescale <= 0) {
        throw new IOException("mdhd has a timescale of " + Integer.toUnsignedString(timescale));
      }
      ByteBuffer stbl = require(require(mdia, "minf"), "stbl");
      ByteBuffer stsd = need(require(stbl, "stsd"), 8);
      stsd.position(stsd.position() + 8);
      ByteBuffer entry = find(stsd.slice(), "avc1", "avc3");
      if (entry == null) {
        throw new IOException("the track is not H.264 (no avc1 sample entry)");
      }
      need(entry, 78);
      int width = Short.toUnsignedInt(entry.getShort(24));
      int height = Short.toUnsignedInt(entry.getShort(26));
      ByteBuffer avcc = need(require(entry.slice(78, entry.remaining() - 78), "avcC"), 4);
      String codec =
          "avc1." + HexFormat.of().formatHex(new byte[] {avcc.get(1), avcc.get(2), avcc.get(3)});
      ByteBuffer trex = need(require(require(moov, "mvex"), "trex"), 24);
      return new Track(
          timescale,
          codec,
          width,
          height,
          Integer.toUnsignedLong(trex.getInt(12)),
          Integer.toUnsignedLong(trex.getInt(16)),
          trex.getInt(20));
    }
  }

  /** One {@code moof}: when its samples start, how many there are, how long and how large. */
  private record Fragment(
      long baseTime, long duration, long samples, long mediaBytes, boolean firstIsKeyframe) {

    private static final int NOT_SYNC = 0x10000;

    static Fragment parse(ByteBuffer moof, Track track) throws IOException {
      ByteBuffer traf = require(moof, "traf");
      ByteBuffer tfhd = need(require(traf, "tfhd"), 8);
      int flags = tfhd.getInt();
      tfhd.getInt();
      skip(tfhd, flags & 0x1, 8);
      skip(tfhd, flags & 0x2, 4);
      long duration = (flags & 0x8) != 0 ? uint(tfhd) : track.defaultDuration;
      long size = (flags & 0x10) != 0 ? uint(tfhd) : track.defaultSize;
      int sampleFlags = (flags & 0x20) != 0 ? (int) uint(tfhd) : track.defaultFlags;
      ByteBuffer tfdt = need(require(traf, "tfdt"), 8);
      long base =
          tfdt.get(0) == 1 ? need(tfdt, 12).getLong(4) : Integer.toUnsignedLong(tfdt.getInt(4));
      if (base < 0) {
        throw new IOException("tfdt has a negative time");
      }
      return run(need(require(traf, "trun"), 8), base, duration, size, sampleFlags);
    }

    private static Fragment run(
        ByteBuffer trun, long base, long defaultDuration, long defaultSize, int defaultFlags)
        throws IOException {
      int flags = trun.getInt();
      long samples = Integer.toUnsignedLong(trun.getInt());
      skip(trun, flags & 0x1, 4);
      int firstFlags = (flags & 0x4) != 0 ? (int) uint(trun) : defaultFlags;
      int perSample = 4 * Integer.bitCount(flags & 0xf00);
      if (samples == 0 || samples > MAX_MOOF_BYTES || samples * perSample > trun.remaining()) {
        throw new IOException("trun has " + samples + " samples, which its size does not allow");
      }
      long duration = 0;
      long bytes = 0;
      for (long i = 0; i < samples; i++) {
        duration += (flags & 0x100) != 0 ? uint(trun) : defaultDuration;
        bytes += (flags & 0x200) != 0 ? uint(trun) : defaultSize;
        int own = (flags & 0x400) != 0 ? (int) uint(trun) : defaultFlags;
        skip(trun, flags & 0x800, 4);
        if (i == 0 && (flags & 0x4) == 0) {
          firstFlags = own;
        }
      }
      return new Fragment(base, duration, samples, bytes, (firstFlags & NOT_SYNC) == 0);
    }

    private static void skip(ByteBuffer b, int flag, int bytes) throws IOException {
      if (flag != 0) {
        need(b, bytes).position(b.position() + bytes);
      }
    }

    private static long uint(ByteBuffer b) throws IOException {
      return Integer.toUnsignedLong(need(b, 4).getInt());
    }
  }

  private static String type(ByteBuffer b) {
    byte[] type = new byte[4];
    b.get(type);
    return new String(type, StandardCharsets.ISO_8859_1);
  }

  private static boolean isPrintable(String type) {
    return type.chars().allMatch(c -> c >= ' ' && c <= '~');
  }

  private static ByteBuffer need(ByteBuffer b, int bytes) throws IOException {
    if (b.remaining() < bytes) {
      throw new IOException("a box is shorter than its content");
    }
    return b;
  }

  private static ByteBuffer require(ByteBuffer parent, String type) throws IOException {
    ByteBuffer child = find(parent, type);
    if (child == null) {
      throw new IOException("the " + type + " box is missing");
    }
    return child;
  }

  /** The body of the first child of one of these types, or null. */
  private static ByteBuffer find(ByteBuffer parent, String... types) throws IOException {
    ByteBuffer b = parent.duplicate();
    while (b.remaining() >= 8) {
      int start = b.position();
      long size = Integer.toUnsignedLong(b.getInt());
      String type = type(b);
      if (size < 8 || size > parent.limit() - start) {
        throw new IOException("a " + type.replaceAll("[^ -~]", "?") + " box leaves its parent");
      }
      for (String wanted : types) {
        if (type.equals(wanted)) {
          return parent.slice(start + 8, (int) size - 8);
        }
      }
      b.position(start + (int) size);
    }
    return null;
  }
}
