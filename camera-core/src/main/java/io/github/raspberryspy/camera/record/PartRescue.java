package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DirectRead;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Seals what was durable of a segment before its disk failed, once the disk works again. A failed
 * fsync is never tried again as if it could succeed: the bytes are read back from the disk itself,
 * hashed, and only sealed if they are those that were written; otherwise they go into quarantine.
 */
final class PartRescue {

  private PartRescue() {}

  /** How it went. */
  enum Outcome {
    /** It is sealed, and plays. */
    SEALED,
    /** Nothing of it was durable, and nothing is left of it. */
    NOTHING,
    /** The disk holds other bytes: they are in quarantine, the footage is lost. */
    BAD
  }

  /**
   * Tries it once.
   *
   * @throws IOException if the disk still fails; to be tried again later
   */
  static Outcome rescue(GivenUp part) throws IOException {
    SegmentFiles files = part.files();
    boolean isOpen = Files.exists(files.part());
    Path at = isOpen ? files.part() : files.video();
    if (!isOpen && (Files.exists(files.manifest()) || !Files.exists(at))) {
      return Files.exists(files.manifest()) ? Outcome.SEALED : Outcome.NOTHING;
    }
    Optional<Content> durable = part.durable();
    if (durable.isEmpty()) {
      DurableFiles.delete(at);
      return Outcome.NOTHING;
    }
    Optional<String> difference = difference(at, durable.get());
    if (difference.isPresent()) {
      part.spool().quarantine(files, difference.get());
      return Outcome.BAD;
    }
    if (part.manifest().isPresent()) {
      part.spool().seal(files, part.manifest().get());
      return Outcome.SEALED;
    }
    return seal(part, at, durable.get()) ? Outcome.SEALED : Outcome.NOTHING;
  }

  private static Optional<String> difference(Path file, Content durable) throws IOException {
    if (Files.size(file) < durable.bytes()) {
      return Optional.of("it is shorter than what was written and synced");
    }
    return DirectRead.hash(file, durable.bytes()).equals(durable)
        ? Optional.empty()
        : Optional.of("the disk gives other bytes back than were written and synced");
  }

  private static boolean seal(GivenUp part, Path at, Content durable) throws IOException {
    try (FileChannel file = FileChannel.open(at, StandardOpenOption.WRITE)) {
      if (file.size() > durable.bytes()) {
        file.truncate(durable.bytes());
        file.force(true);
      }
    }
    Optional<SegmentManifest> sealed =
        SpoolRecovery.sealPart(part.spool(), part.files(), part.motion(), part.gaps());
    return sealed.isPresent();
  }
}
