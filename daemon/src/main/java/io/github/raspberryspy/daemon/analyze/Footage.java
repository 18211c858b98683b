package io.github.raspberryspy.daemon.analyze;

import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.DamagedVideoException;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentHeader;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.apache.commons.io.FilenameUtils;

/**
 * A video file, and where it belongs if a camera recorded it as a segment. Immutable.
 *
 * @param file where it is
 * @param place known of segments only
 */
public record Footage(Path file, Optional<Place> place) {

  /** A camera forgets what it has learnt of the scene when it has not seen it for so long. */
  private static final long FORGOTTEN_US = 60_000_000;

  /**
   * A segment's place in its run.
   *
   * @param id which segment
   * @param clock how far its wall time can be trusted
   * @param start wall time of its first picture
   * @param firstUs of its first picture, since the run's first
   * @param endUs of its end, since the run's first picture
   */
  record Place(SegmentId id, ClockState clock, Instant start, long firstUs, long endUs) {}

  /** What is known of a file: by the manifest beside it, or else by what it says of itself. */
  static Footage of(Path file) {
    String name = file.getFileName().toString();
    if (!name.endsWith(SegmentName.VIDEO)) {
      return new Footage(file, Optional.empty());
    }
    String base = name.substring(0, name.length() - SegmentName.VIDEO.length());
    Optional<Place> known = fromManifest(file.resolveSibling(base + SegmentName.MANIFEST));
    return new Footage(file, known.isPresent() ? known : fromHeader(file));
  }

  private static Optional<Place> fromManifest(Path manifest) {
    if (!Files.isRegularFile(manifest)) {
      return Optional.empty();
    }
    try {
      SegmentManifest m = ManifestCodec.read(manifest);
      long end = m.firstPtsUs() + m.duration().toNanos() / 1000;
      return Optional.of(new Place(m.id(), m.clock(), m.start(), m.firstPtsUs(), end));
    } catch (IOException e) {
      return Optional.empty(); // somebody else's JSON; the video may say itself what it is
    }
  }

  private static Optional<Place> fromHeader(Path file) {
    try {
      FragmentedMp4 video = FragmentedMp4.scan(file);
      return video.header().map(header -> place(header, video.durationUs()));
    } catch (DamagedVideoException e) {
      return Optional.empty(); // not a segment; whether it is a video is found out by reading it
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Place place(SegmentHeader header, long durationUs) {
    long first = header.firstPtsUs();
    return new Place(header.id(), header.clock(), header.start(), first, first + durationUs);
  }

  /** Its name without ending. */
  String name() {
    return FilenameUtils.getBaseName(file.toString());
  }

  /** When its first picture is shown, on the clock of its run; 0 where it belongs to none. */
  long firstUs() {
    return place.map(Place::firstUs).orElse(0L);
  }

  /** Wall time of a moment on the clock of its run, where it is known. */
  Optional<Instant> wallTime(long us) {
    return place
        .filter(p -> p.clock != ClockState.UNSYNCED)
        .map(p -> p.start.plus(us - p.firstUs, ChronoUnit.MICROS));
  }

  /** Whether the scene that this shows goes on in another file. */
  boolean isFollowedBy(Footage next) {
    if (place.isEmpty() || next.place.isEmpty()) {
      return false;
    }
    Place mine = place.get();
    Place its = next.place.get();
    long gap = its.firstUs - mine.endUs;
    return its.id.camera().equals(mine.id.camera())
        && its.id.key().equals(mine.id.key())
        && its.id.run() == mine.id.run()
        && its.id.sequence() == mine.id.sequence() + 1
        && gap <= FORGOTTEN_US;
  }

  /** How long it is, as far as a segment's facts say. */
  Duration length() {
    return Duration.ofNanos(place.map(p -> p.endUs - p.firstUs).orElse(0L) * 1000);
  }
}
