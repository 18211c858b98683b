package io.github.raspberryspy.segments;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A part of a fragment, as a fragment of its own: a {@code moof} box, and where the bytes of its
 * samples lie. Immutable.
 *
 * <p>Source: ISO/IEC 14496-12 sections 8.8.4 to 8.8.8, 8.8.12.
 *
 * @param moof the box, for a {@code mdat} box with a head of 8 bytes behind it
 * @param media ranges of the source
 */
record Mp4Splice(ByteBuffer moof, List<Range> media) {

  /** Bytes of a source. */
  record Range(long from, long bytes) {}

  private static final int MDAT_HEAD = 8;

  /** All that a sample may say: its duration, size, flags and shift, and where the first one is. */
  private static final int TRUN = 0x01000f01;

  /**
   * One with these samples.
   *
   * @param moofAt where the {@code moof} box begins that they were of
   */
  static Mp4Splice of(
      Mp4Track track, long moofAt, List<Mp4Sample> pictures, List<Mp4Sample> sound) {
    int size = 24 + trafBytes(pictures) + (sound.isEmpty() ? 0 : trafBytes(sound));
    ByteBuffer moof = ByteBuffer.allocate(size);
    open(moof, "moof", size);
    open(moof, "mfhd", 16).putInt(0).putInt(0);
    traf(moof, track.timing().id(), pictures, size + MDAT_HEAD);
    if (!sound.isEmpty()) {
      long behind = pictures.stream().mapToLong(Mp4Sample::size).sum();
      traf(moof, track.sound().orElseThrow().timing().id(), sound, size + MDAT_HEAD + behind);
    }
    List<Range> media = new ArrayList<>();
    pictures.forEach(s -> add(media, moofAt + s.offset(), s.size()));
    sound.forEach(s -> add(media, moofAt + s.offset(), s.size()));
    return new Mp4Splice(moof.flip(), List.copyOf(media));
  }

  private static int trafBytes(List<Mp4Sample> samples) {
    return 8 + 16 + 20 + 20 + 16 * samples.size();
  }

  private static void traf(ByteBuffer moof, int id, List<Mp4Sample> samples, long offset) {
    open(moof, "traf", trafBytes(samples));
    open(moof, "tfhd", 16).putInt(0x20000).putInt(id);
    open(moof, "tfdt", 20).putInt(0x01000000).putLong(samples.get(0).time());
    open(moof, "trun", 20 + 16 * samples.size()).putInt(TRUN).putInt(samples.size());
    moof.putInt((int) offset);
    for (Mp4Sample s : samples) {
      moof.putInt((int) s.duration()).putInt((int) s.size()).putInt(s.flags()).putInt(s.shift());
    }
  }

  private static ByteBuffer open(ByteBuffer b, String type, int size) {
    return b.putInt(size).put(type.getBytes(StandardCharsets.US_ASCII));
  }

  private static void add(List<Range> ranges, long from, long bytes) {
    Optional<Range> before =
        ranges.isEmpty() ? Optional.empty() : Optional.of(ranges.get(ranges.size() - 1));
    if (before.filter(r -> r.from() + r.bytes() == from).isPresent()) {
      ranges.set(ranges.size() - 1, new Range(before.get().from(), before.get().bytes() + bytes));
    } else {
      ranges.add(new Range(from, bytes));
    }
  }

  /** A copy of the box that may be changed. */
  ByteBuffer copy() {
    return ByteBuffer.allocate(moof.limit()).put(moof.duplicate()).flip();
  }

  long mediaBytes() {
    return media.stream().mapToLong(Range::bytes).sum();
  }

  /** All that it takes in a file. */
  long bytes() {
    return moof.limit() + MDAT_HEAD + mediaBytes();
  }
}
