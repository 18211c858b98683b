package io.github.raspberryspy.segments;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A fragmented MP4 file as players like it: the file itself, with a segment index ({@code sidx})
 * behind its beginning, so that they find any moment by its place. Without one they read the whole
 * file before they show its first picture, since a recorder cannot write in front what it does not
 * know yet. The fragments refer to nothing outside of themselves, and may so lie elsewhere.
 *
 * <p>Immutable and thread-safe. Source: ISO/IEC 14496-12 section 8.16.3.
 */
public final class Mp4Playable {

  /** Most entries: a longer file has several keyframes an entry. */
  static final int MOST_ENTRIES = 8192;

  /** Most fragments that are looked at; an hour with one for each of 60 pictures a second fits. */
  private static final int MOST_FRAGMENTS = 1 << 18;

  private static final int HEAD_BYTES = 40;
  private static final int ENTRY_BYTES = 12;
  private static final int STARTS_WITH_KEYFRAME = 0x9000_0000; // starts_with_SAP, SAP_type 1

  private final long at;
  private final byte[] index;

  /** What begins with a keyframe: where it lies, and its decode time in ticks. */
  private record Entry(long at, long time) {}

  /** Thinned while they come: of a file there may be millions. */
  private static final class Entries {
    private final List<Entry> kept = new ArrayList<>();
    private long each = 1;
    private long came;

    void add(Entry entry) {
      if (came++ % each != 0) {
        return;
      }
      if (kept.size() == MOST_ENTRIES) { // an even number, so this one stays
        List<Entry> all = List.copyOf(kept);
        kept.clear();
        for (int i = 0; i < all.size(); i += 2) {
          kept.add(all.get(i));
        }
        each *= 2;
      }
      kept.add(entry);
    }
  }

  private Mp4Playable(long at, byte[] index) {
    this.at = at;
    this.index = index;
  }

  /**
   * Reads the heads of a file's fragments. One that is damaged, or does not begin with a keyframe,
   * belongs to what lies before it.
   *
   * @throws DamagedVideoException if the file's beginning makes no sense, or no fragment does, or
   *     there are more fragments than any recorder writes
   */
  public static Mp4Playable of(Mp4Source source) throws IOException {
    return of(source, MOST_FRAGMENTS);
  }

  static Mp4Playable of(Mp4Source source, int mostFragments) throws IOException {
    Mp4Head head = Mp4Head.read(source);
    Entries read = new Entries();
    long end = read(source, head, mostFragments, read);
    List<Entry> entries = read.kept;
    if (entries.isEmpty()) {
      throw new DamagedVideoException("a video has no fragment that begins with a keyframe");
    }
    return new Mp4Playable(
        head.firstFragment(), box(head, entries, new Entry(source.bytes(), end)));
  }

  /** Fills the entries; returns when the last fragment ends. */
  private static long read(Mp4Source source, Mp4Head head, int mostFragments, Entries entries)
      throws IOException {
    long end = 0;
    int fragments = 0;
    try (Mp4Reader reader =
        new Mp4Reader(source, head.firstFragment(), Long.MAX_VALUE, Mp4Cut.ASK_BYTES)) {
      for (Mp4Reader.Head box = reader.next(); box != null; box = reader.next()) {
        if (!box.type().equals("moof")) {
          reader.skip(box.bodyBytes());
          continue;
        }
        if (++fragments > mostFragments) {
          throw new DamagedVideoException("a video has more than " + mostFragments + " fragments");
        }
        Mp4FragmentHead read = Mp4FragmentHead.read(reader, box, head.track()).orElse(null);
        if (read == null) {
          break; // nothing behind it is trusted, as everywhere
        }
        Mp4Fragment pictures = read.facts().pictures().orElse(null);
        if (pictures != null) {
          if (pictures.baseTime() < end) {
            break;
          }
          if (pictures.firstIsKeyframe()) {
            entries.add(new Entry(box.at(), pictures.baseTime()));
          }
          end = pictures.endTime();
        }
      }
    }
    return end;
  }

  private static byte[] box(Mp4Head head, List<Entry> entries, Entry end)
      throws DamagedVideoException {
    int size = HEAD_BYTES + ENTRY_BYTES * entries.size();
    ByteBuffer box = ByteBuffer.allocate(size);
    box.putInt(size).put("sidx".getBytes(StandardCharsets.US_ASCII)).putInt(1 << 24); // version 1
    Mp4Timing timing = head.track().timing();
    box.putInt(timing.id()).putInt(timing.timescale());
    box.putLong(entries.get(0).time()).putLong(entries.get(0).at() - head.firstFragment());
    box.putShort((short) 0).putShort((short) entries.size());
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      Entry next = i + 1 < entries.size() ? entries.get(i + 1) : end;
      long bytes = next.at() - entry.at();
      long ticks = next.time() - entry.time();
      if (bytes > Integer.MAX_VALUE || ticks > 0xffff_ffffL) {
        throw new DamagedVideoException("a video has no keyframe for too long to be found by it");
      }
      box.putInt((int) bytes).putInt((int) ticks).putInt(STARTS_WITH_KEYFRAME);
    }
    return box.array();
  }

  /** How many bytes of memory it takes. */
  public int indexBytes() {
    return index.length;
  }

  /** How many bytes there are with a file of so many. */
  public long bytes(Mp4Source source) {
    return source.bytes() + index.length;
  }

  /**
   * Writes a range.
   *
   * @param source the file that this was read from
   * @param first byte that is wanted, from 0
   * @param count of bytes, within {@link #bytes}
   * @throws IOException if the source cannot be read or the stream takes no more
   */
  public void write(Mp4Source source, OutputStream out, long first, long count) throws IOException {
    Mp4Window window = new Mp4Window(out, first, count);
    try (Mp4Reader reader = new Mp4Reader(source, 0, source.bytes(), Long.MAX_VALUE)) {
      window.copy(reader, at);
      window.write(index, 0, index.length);
      window.copy(reader, source.bytes() - at);
    }
    out.flush();
  }
}
