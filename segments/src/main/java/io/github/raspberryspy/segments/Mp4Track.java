package io.github.raspberryspy.segments;

import static io.github.raspberryspy.segments.Mp4Boxes.find;
import static io.github.raspberryspy.segments.Mp4Boxes.need;
import static io.github.raspberryspy.segments.Mp4Boxes.next;
import static io.github.raspberryspy.segments.Mp4Boxes.require;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The facts of the track of pictures, and of the one of sound where there is one, from the {@code
 * moov} box.
 *
 * @param timing of the pictures
 * @param codec RFC 6381 name
 * @param width pixels
 * @param height pixels
 * @param sound what can be heard; empty where nothing can, or where it is damaged
 * @param isAlone whether there is no other track: its fragments need not name it
 */
record Mp4Track(
    Mp4Timing timing,
    String codec,
    int width,
    int height,
    Optional<Mp4SoundTrack> sound,
    boolean isAlone) {

  /** More tracks than any recorder writes. */
  private static final int MAX_TRACKS = 16;

  /** Reads the body of a {@code moov} box: the first track is that of the pictures. */
  static Mp4Track parse(ByteBuffer moov) throws Mp4Boxes.Damaged {
    ByteBuffer rest = moov.duplicate();
    ByteBuffer trak = next(rest, "trak");
    if (trak == null) {
      throw new Mp4Boxes.Damaged("the trak box is missing");
    }
    ByteBuffer stsd = descriptions(trak);
    String type = find(stsd, "avc1") != null ? "avc1" : "avc3";
    ByteBuffer entry = find(stsd, type);
    if (entry == null) {
      throw new Mp4Boxes.Damaged("the track is not H.264 (no avc1 sample entry)");
    }
    need(entry, 78);
    ByteBuffer avcc = need(require(entry.slice(78, entry.remaining() - 78), "avcC"), 4);
    byte[] profile = {avcc.get(1), avcc.get(2), avcc.get(3)};
    Mp4Timing timing = Mp4Timing.parse(moov, trak);
    return new Mp4Track(
        timing,
        type + "." + HexFormat.of().formatHex(profile),
        Short.toUnsignedInt(entry.getShort(24)),
        Short.toUnsignedInt(entry.getShort(26)),
        sound(moov, rest, timing.id()),
        find(rest, "trak") == null);
  }

  /** The sample descriptions of a track. */
  static ByteBuffer descriptions(ByteBuffer trak) throws Mp4Boxes.Damaged {
    ByteBuffer minf = require(require(trak, "mdia"), "minf");
    ByteBuffer stsd = need(require(require(minf, "stbl"), "stsd"), 8);
    return stsd.position(8).slice();
  }

  /** Damage here costs the sound alone. */
  private static Optional<Mp4SoundTrack> sound(ByteBuffer moov, ByteBuffer rest, int pictures) {
    try {
      ByteBuffer others = rest.duplicate();
      ByteBuffer trak = next(others, "trak");
      for (int i = 0; i < MAX_TRACKS && trak != null; i++, trak = next(others, "trak")) {
        Optional<Mp4SoundTrack> sound = Mp4SoundTrack.parse(moov, trak);
        if (sound.isPresent() && sound.get().timing().id() != pictures) {
          return sound;
        }
      }
    } catch (Mp4Boxes.Damaged | IllegalArgumentException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }
}
