package io.github.raspberryspy.segments;

import static io.github.raspberryspy.segments.Mp4Boxes.next;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One {@code moof}: what it says of the pictures and of the sound behind it.
 *
 * @param pictures of the fragment; empty where it has sound only
 * @param sound of the fragment, where there is some and it makes sense
 * @param soundIsDamaged whether there is sound that makes no sense
 */
record Mp4Moof(
    Optional<Mp4Fragment> pictures, Optional<Mp4Fragment> sound, boolean soundIsDamaged) {

  /**
   * Reads the body of a {@code moof} box.
   *
   * @param holes those between its pictures are noted here, empty before
   * @throws Mp4Boxes.Damaged where its pictures are damaged, or where it has nothing
   */
  static Mp4Moof parse(ByteBuffer moof, Mp4Track track, Mp4Holes holes) throws Mp4Boxes.Damaged {
    ByteBuffer rest = moof.duplicate();
    Optional<Mp4Fragment> pictures = Optional.empty();
    Optional<Mp4Fragment> sound = Optional.empty();
    boolean damaged = false;
    Mp4Holes none = new Mp4Holes(track.timing(), 0);
    try {
      for (ByteBuffer traf = next(rest, "traf"); traf != null; traf = next(rest, "traf")) {
        if (pictures.isEmpty() && isOf(traf, track)) {
          pictures = Optional.of(Mp4Fragment.parse(traf, track.timing(), holes));
        } else if (sound.isEmpty() && isOfSound(traf, track)) {
          sound = Optional.of(Mp4Fragment.parse(traf, track.sound().get().timing(), none));
        }
      }
    } catch (Mp4Boxes.Damaged e) {
      if (pictures.isEmpty()) {
        throw e;
      }
      damaged = true; // the pictures come first, and are complete
    }
    if (pictures.isEmpty() && sound.isEmpty()) {
      throw new Mp4Boxes.Damaged("a fragment has no samples");
    }
    return new Mp4Moof(pictures, sound, damaged);
  }

  /** The same where its sound cannot be. */
  Mp4Moof withoutSound() {
    return new Mp4Moof(pictures, Optional.empty(), soundIsDamaged || sound.isPresent());
  }

  /** Size of all that must lie behind it. */
  long mediaBytes() {
    return pictures.map(Mp4Fragment::mediaBytes).orElse(0L)
        + sound.map(Mp4Fragment::mediaBytes).orElse(0L);
  }

  private static boolean isOf(ByteBuffer traf, Mp4Track track) throws Mp4Boxes.Damaged {
    return track.isAlone() || Mp4Fragment.trackOf(traf) == track.timing().id();
  }

  private static boolean isOfSound(ByteBuffer traf, Mp4Track track) throws Mp4Boxes.Damaged {
    return track.sound().isPresent()
        && Mp4Fragment.trackOf(traf) == track.sound().get().timing().id();
  }
}
