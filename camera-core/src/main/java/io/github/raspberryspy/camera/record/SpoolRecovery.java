package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DirectRead;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentHeader;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.VideoFormat;
import io.github.raspberryspy.segments.spool.Losses;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.segments.spool.Spool;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes, at the start of a camera, what a crash or a power cut left in its spool. Each step may
 * be cut short by the next crash and is then done again.
 *
 * <ul>
 *   <li>{@code .part}: cut at the last whole fragment and sealed as {@code recovered}; without any
 *       whole fragment there is nothing to play, and it is deleted. One that is longer than a
 *       beginning, and whose beginning cannot be read, may hold footage: into quarantine.
 *   <li>{@code .mp4} without manifest: hashed again and sealed.
 *   <li>manifest without video, or a video that is not ours: into quarantine.
 *   <li>{@code .ack}: the master holds it; its files are deleted.
 * </ul>
 */
public final class SpoolRecovery {

  private static final Logger log = LoggerFactory.getLogger(SpoolRecovery.class);

  /** More than the recorder writes before a segment's first fragment. */
  private static final long LARGEST_BEGINNING = 4096;

  private SpoolRecovery() {}

  /**
   * Recovers a spool that nobody records into. Returns what was sealed by it.
   *
   * @throws IOException if the disk fails; the rest is left for the next start
   */
  public static List<SegmentManifest> recover(Spool spool) throws IOException {
    List<SegmentManifest> recovered = new ArrayList<>();
    spool.finishReclaims();
    new Losses(spool).finish();
    for (SegmentFiles files : spool.list(SegmentName.PART)) {
      recoverPart(spool, files, List.of(), List.of()).ifPresent(recovered::add);
    }
    for (SegmentFiles files : spool.list(SegmentName.VIDEO)) {
      if (!Files.exists(files.manifest())) {
        recoverVideo(spool, files, List.of(), List.of()).ifPresent(recovered::add);
      }
    }
    for (SegmentFiles files : spool.list(SegmentName.MANIFEST)) {
      if (!Files.exists(files.video())) {
        spool.quarantine(files, "the manifest has no video beside it");
      }
    }
    removeTemporaries(spool.folder());
    return recovered;
  }

  /**
   * Seals a part whose disk failed while it was written, with what its recorder knew of it.
   *
   * @param motion in it
   * @param gaps in it, and right before it
   */
  static Optional<SegmentManifest> sealPart(
      Spool spool, SegmentFiles files, List<EventSpan> motion, List<Gap> gaps) throws IOException {
    return Files.exists(files.part())
        ? recoverPart(spool, files, motion, gaps)
        : recoverVideo(spool, files, motion, gaps);
  }

  private static Optional<SegmentManifest> recoverPart(
      Spool spool, SegmentFiles files, List<EventSpan> motion, List<Gap> gaps) throws IOException {
    FragmentedMp4 file;
    try {
      file = FragmentedMp4.scan(files.part());
    } catch (IOException e) {
      if (Files.size(files.part()) > LARGEST_BEGINNING) {
        spool.quarantine(files, "its beginning cannot be read: " + e.getMessage());
        return Optional.empty();
      }
      log.debug("{} cannot be read as video", files.part(), e);
      file = null;
    }
    if (file == null || file.frames() == 0) {
      log.info("{} ends before its first whole fragment: deleted", files.part());
      DurableFiles.delete(files.part());
      return Optional.empty();
    }
    if (!file.isWhole()) {
      try (FileChannel part = FileChannel.open(files.part(), StandardOpenOption.WRITE)) {
        part.truncate(file.wholeBytes());
      }
    }
    DurableFiles.sync(files.part());
    DurableFiles.rename(files.part(), files.video());
    return recoverVideo(spool, files, motion, gaps);
  }

  private static Optional<SegmentManifest> recoverVideo(
      Spool spool, SegmentFiles files, List<EventSpan> motion, List<Gap> gaps) throws IOException {
    Path video = files.video();
    FragmentedMp4 file;
    try {
      file = FragmentedMp4.scan(video);
    } catch (IOException e) {
      spool.quarantine(files, e.getMessage());
      return Optional.empty();
    }
    if (file.frames() == 0 || file.header().isEmpty()) {
      spool.quarantine(files, "it is no segment of this recorder");
      return Optional.empty();
    }
    Content content = DurableFiles.hash(video);
    if (!DirectRead.hash(video, content.bytes()).equals(content)) {
      // a page that could not be written stays in the cache, as if it had been
      spool.quarantine(files, "the disk holds other bytes than its cache");
      return Optional.empty();
    }
    SegmentHeader header = file.header().get();
    List<Gap> missing = gaps.isEmpty() ? missingBefore(spool, header) : gaps;
    SegmentManifest manifest =
        new SegmentManifest(
            header.id(),
            header.start(),
            header.start().plus(Duration.of(file.durationUs(), ChronoUnit.MICROS)),
            header.clock(),
            header.firstPtsUs(),
            file.frames(),
            new VideoFormat(file.codec(), file.width(), file.height(), header.fps()),
            file.audioFormat(),
            content,
            motion,
            missing,
            CloseReason.RECOVERED);
    spool.commit(files, manifest);
    log.info("{} recovered: {} frames", video, file.frames());
    return Optional.of(manifest);
  }

  /**
   * What the recorder knew to be missing before a segment, and took with it: before the first one
   * of a run, all from the end of what was sealed before; else what was not to be recorded.
   */
  private static List<Gap> missingBefore(Spool spool, SegmentHeader header) throws IOException {
    Optional<Instant> since = spool.state().recordedUntil();
    Instant from = since.orElse(Instant.EPOCH);
    if (!from.isBefore(header.start())) {
      return List.of();
    }
    Gap missing = new Gap(from, header.start(), "restart");
    Rests rests = Rests.of(spool.folder());
    boolean isFirst = since.isPresent() && header.id().sequence() == 0;
    return isFirst ? rests.split(missing) : rests.restsIn(missing);
  }

  private static void removeTemporaries(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder, 2)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".tmp")).toList()) {
        DurableFiles.delete(file);
      }
    }
  }
}
