package io.github.raspberryspy.segments;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A fragment's {@code moof} box, whole and in memory, and what it says. For one thread.
 *
 * @param moof the box with its head of 8 bytes
 * @param facts what it says of pictures and sound
 */
record Mp4FragmentHead(ByteBuffer moof, Mp4Moof facts) {

  private static final int MOOF_HEAD = 8;
  private static final byte[] FREE = "free".getBytes(StandardCharsets.US_ASCII);

  /** When the tracks of a fragment begin, ticks of each. */
  record Times(long pictures, long sound) {}

  /** Reads it behind the head of its box; empty where it makes no sense. */
  static Optional<Mp4FragmentHead> read(Mp4Reader reader, Mp4Reader.Head box, Mp4Track track)
      throws IOException {
    if (box.headBytes() != MOOF_HEAD || box.bodyBytes() > FragmentedMp4.MAX_MOOF_BYTES) {
      return Optional.empty();
    }
    ByteBuffer moof = ByteBuffer.allocate((int) box.size()).putInt((int) box.size());
    moof.put("moof".getBytes(StandardCharsets.US_ASCII));
    moof.put(reader.read((int) box.bodyBytes()));
    return of(moof.flip(), track);
  }

  /** Of a whole box; empty where it makes no sense. */
  static Optional<Mp4FragmentHead> of(ByteBuffer moof, Mp4Track track) {
    try {
      ByteBuffer body = moof.slice(MOOF_HEAD, moof.limit() - MOOF_HEAD);
      Mp4Moof facts = Mp4Moof.parse(body, track, new Mp4Holes(track.timing(), 0));
      return Optional.of(new Mp4FragmentHead(moof, facts));
    } catch (Mp4Boxes.Damaged e) {
      return Optional.empty();
    }
  }

  /** The body of the {@code traf} box of the pictures, or of the sound. */
  Optional<ByteBuffer> traf(int track, boolean isAlone) throws Mp4Boxes.Damaged {
    ByteBuffer rest = moof.slice(MOOF_HEAD, moof.limit() - MOOF_HEAD);
    for (ByteBuffer traf = Mp4Boxes.next(rest, "traf");
        traf != null;
        traf = Mp4Boxes.next(rest, "traf")) {
      if (isAlone || Mp4Fragment.trackOf(traf) == track) {
        return Optional.of(traf);
      }
    }
    return Optional.empty();
  }

  /**
   * Writes other times and another number into it. What is not of the pictures or of the sound, or
   * makes no sense, becomes free space.
   *
   * @throws Mp4Boxes.Damaged where a time does not fit
   */
  void moveTo(Times times, int number, Mp4Track track) throws Mp4Boxes.Damaged {
    boolean pictures = facts.pictures().isEmpty();
    boolean sound = facts.sound().isEmpty();
    for (int at = MOOF_HEAD; at + 8 <= moof.limit(); ) {
      int size = moof.getInt(at);
      if (size < 8 || size > moof.limit() - at) {
        throw new Mp4Boxes.Damaged("a box leaves its parent");
      }
      String type = Mp4Boxes.type(moof.duplicate().position(at + 4));
      ByteBuffer body = moof.slice(at + 8, size - 8);
      if (type.equals("mfhd")) {
        Mp4Boxes.need(body, 8).putInt(4, number);
      } else if (type.equals("traf")) {
        if (!pictures && isOf(body, track.timing().id(), track.isAlone())) {
          pictures = true;
          time(body, times.pictures());
        } else if (!sound && isOf(body, track.sound().orElseThrow().timing().id(), false)) {
          sound = true;
          time(body, times.sound());
        } else {
          moof.put(at + 4, FREE);
        }
      }
      at += size;
    }
  }

  private static boolean isOf(ByteBuffer traf, int track, boolean isAlone) throws Mp4Boxes.Damaged {
    return isAlone || Mp4Fragment.trackOf(traf) == track;
  }

  private static void time(ByteBuffer traf, long time) throws Mp4Boxes.Damaged {
    ByteBuffer tfdt = Mp4Boxes.require(traf, "tfdt");
    if (tfdt.get(0) == 1) {
      tfdt.putLong(4, time);
    } else if (time <= 0xffff_ffffL) {
      tfdt.putInt(4, (int) time);
    } else {
      throw new Mp4Boxes.Damaged("a fragment has room for a time of 32 bits only");
    }
  }
}
