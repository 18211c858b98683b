package io.github.raspberryspy.segments;

import static io.github.raspberryspy.segments.Mp4Boxes.find;
import static io.github.raspberryspy.segments.Mp4Boxes.require;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The beginning of a fragmented MP4 file, up to its first fragment: how what follows is to be
 * decoded. Immutable.
 */
public final class Mp4Head {

  /** It is read at once: a recorder's has one or two kilobytes. */
  private static final int MOST_BYTES = 128 << 10;

  private final ByteBuffer moov;
  private final Mp4Track track;
  private final ByteBuffer parameters;
  private final long firstFragment;

  private Mp4Head(ByteBuffer moov, long firstFragment) throws Mp4Boxes.Damaged {
    this.moov = moov;
    this.firstFragment = firstFragment;
    track = Mp4Track.parse(moov.duplicate());
    ByteBuffer entry = entry(require(moov.duplicate(), "trak"));
    parameters = require(entry.slice(78, entry.remaining() - 78), "avcC");
  }

  /**
   * Reads it.
   *
   * @throws DamagedVideoException if it makes no sense, or is over 128 KiB
   */
  public static Mp4Head read(Mp4Source source) throws IOException {
    long end = Math.min(source.bytes(), MOST_BYTES);
    ByteBuffer moov = null;
    try (Mp4Reader reader = new Mp4Reader(source, 0, end, end)) {
      for (Mp4Reader.Head box = reader.next();
          box != null && !box.type().equals("moof");
          box = reader.next()) {
        if (box.type().equals("moov") && moov == null) {
          moov = reader.read((int) box.bodyBytes());
        } else {
          reader.skip(box.bodyBytes());
        }
        end = box.end();
      }
    }
    if (moov == null) {
      throw new DamagedVideoException("a video has no moov box");
    }
    try {
      return new Mp4Head(moov, end);
    } catch (Mp4Boxes.Damaged e) {
      throw new DamagedVideoException(e.getMessage(), e);
    }
  }

  private static ByteBuffer entry(ByteBuffer trak) throws Mp4Boxes.Damaged {
    ByteBuffer descriptions = Mp4Track.descriptions(trak);
    ByteBuffer entry = find(descriptions, "avc1");
    return entry == null ? require(descriptions, "avc3") : entry;
  }

  /** Pixels. */
  public int width() {
    return track.width();
  }

  /** Pixels. */
  public int height() {
    return track.height();
  }

  /** Whether there is a track of sound. */
  public boolean hasSound() {
    return track.sound().isPresent();
  }

  /**
   * What keeps fragments that follow another file's beginning from being decoded by this one.
   *
   * @return a clause such as {@code "the picture changes from 640x480 to 1280x720"}; empty where
   *     nothing does
   */
  public Optional<String> differsFrom(Mp4Head before) {
    if (width() != before.width() || height() != before.height()) {
      return Optional.of("the picture changes from " + before.size() + " to " + size());
    }
    if (!parameters.equals(before.parameters) || !track.codec().equals(before.track.codec())) {
      return Optional.of("the way in which the picture is encoded changes");
    }
    if (!track.timing().equals(before.track.timing())) {
      return Optional.of("the way in which the file is laid out changes");
    }
    if (hasSound() && before.hasSound() && !track.sound().equals(before.track.sound())) {
      return Optional.of("the sound changes");
    }
    return Optional.empty();
  }

  private String size() {
    return width() + "x" + height();
  }

  Mp4Track track() {
    return track;
  }

  /** The body of the moov box. */
  ByteBuffer moov() {
    return moov.duplicate();
  }

  /** Where the first fragment begins, or would. */
  long firstFragment() {
    return firstFragment;
  }
}
