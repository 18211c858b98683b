package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DamagedVideoException;
import io.github.raspberryspy.segments.DirectRead;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.FileFacts;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentHeader;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.spool.Losses;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.segments.spool.SpoolState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
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
   * What is known of a segment besides its file.
   *
   * @param motion in it; empty where nobody knows any more
   * @param gaps in it, and right before it; empty where only the file can tell
   */
  private record Knowledge(Optional<SegmentFacts.Motion> motion, Optional<List<Gap>> gaps) {
    static final Knowledge NONE = new Knowledge(Optional.empty(), Optional.empty());
  }

  private interface Step {
    void take(SegmentFiles files) throws IOException;
  }

  /**
   * Recovers a spool that nobody records into. Returns what was sealed by it. A file that the disk
   * does not give stays as it is, and holds up no other.
   *
   * @throws IOException the disk's first failure, after everything was tried; what it failed on is
   *     left for the next start
   */
  public static List<SegmentManifest> recover(Spool spool) throws IOException {
    List<SegmentManifest> recovered = new ArrayList<>();
    Attempts attempts = new Attempts();
    attempts.make(spool::finishReclaims);
    attempts.make(() -> new Losses(spool).finish());
    each(
        spool,
        SegmentName.PART,
        attempts,
        files -> recoverPart(spool, files, Knowledge.NONE).ifPresent(recovered::add));
    each(
        spool,
        SegmentName.VIDEO,
        attempts,
        files -> {
          boolean isLeaving = Losses.isDropped(files) || Files.exists(files.receipt());
          if (!isLeaving && !Files.exists(files.manifest())) {
            recoverVideo(spool, files, Knowledge.NONE).ifPresent(recovered::add);
          }
        });
    each(
        spool,
        SegmentName.MANIFEST,
        attempts,
        files -> {
          if (!Files.exists(files.video())) {
            spool.quarantine(files, "the manifest has no video beside it");
          }
        });
    attempts.make(() -> removeTemporaries(spool.folder()));
    attempts.throwFirst();
    return recovered;
  }

  /** In the order of filming, which is not that of names where a clock was set back. */
  private static void each(Spool spool, String ending, Attempts attempts, Step step) {
    List<SegmentFiles> all = new ArrayList<>();
    attempts.make(() -> all.addAll(spool.list(ending)));
    all.sort(
        Comparator.comparingLong((SegmentFiles files) -> files.name().run())
            .thenComparingLong(files -> files.name().sequence()));
    for (SegmentFiles files : all) {
      attempts.make(() -> step.take(files));
    }
  }

  /** Tries one thing after the other, and remembers the first failure. */
  private static final class Attempts {
    private IOException first;

    private interface Work {
      void run() throws IOException;
    }

    void make(Work work) {
      try {
        work.run();
      } catch (IOException e) {
        keep(e);
      } catch (RuntimeException e) { // one file must not keep a camera from recording for ever
        keep(new IOException("recovery failed: " + e, e));
      }
    }

    private void keep(IOException e) {
      if (first == null) {
        first = e;
      } else {
        first.addSuppressed(e);
      }
    }

    void throwFirst() throws IOException {
      if (first != null) {
        throw first;
      }
    }
  }

  /**
   * Seals a part whose disk failed while it was written, with what its recorder knew of it.
   *
   * @param motion in it
   * @param gaps in it, and right before it
   */
  static Optional<SegmentManifest> sealPart(
      Spool spool, SegmentFiles files, SegmentFacts.Motion motion, List<Gap> gaps)
      throws IOException {
    Knowledge known = new Knowledge(Optional.of(motion), Optional.of(gaps));
    return Files.exists(files.part())
        ? recoverPart(spool, files, known)
        : recoverVideo(spool, files, known);
  }

  private static Optional<SegmentManifest> recoverPart(
      Spool spool, SegmentFiles files, Knowledge known) throws IOException {
    FragmentedMp4 file;
    try {
      file = FragmentedMp4.scan(files.part());
    } catch (DamagedVideoException e) {
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
    return recoverVideo(spool, files, known);
  }

  private static Optional<SegmentManifest> recoverVideo(
      Spool spool, SegmentFiles files, Knowledge known) throws IOException {
    Path video = files.video();
    FragmentedMp4 file;
    try {
      file = FragmentedMp4.scan(video);
    } catch (DamagedVideoException e) {
      spool.quarantine(files, e.getMessage());
      return Optional.empty();
    }
    Optional<FileFacts> facts = FileFacts.of(file);
    if (facts.isEmpty()) {
      spool.quarantine(files, "it is no segment of this recorder");
      return Optional.empty();
    }
    Content content = DurableFiles.hash(video);
    if (!DirectRead.hash(video, content.bytes()).equals(content)) {
      // a page that could not be written stays in the cache, as if it had been
      spool.quarantine(files, "the disk holds other bytes than its cache");
      return Optional.empty();
    }
    SegmentManifest manifest;
    try {
      manifest = manifest(spool, facts.get(), content, known);
    } catch (IllegalArgumentException e) {
      spool.quarantine(files, "what it says of itself cannot be: " + e.getMessage());
      return Optional.empty();
    }
    spool.commit(files, manifest);
    log.info("{} recovered: {} frames", video, file.frames());
    return Optional.of(manifest);
  }

  private static SegmentManifest manifest(
      Spool spool, FileFacts facts, Content content, Knowledge known) throws IOException {
    List<Gap> missing = known.gaps().isPresent() ? known.gaps().get() : missing(spool, facts);
    SegmentFacts.Motion motion =
        known.motion().orElseGet(() -> new SegmentFacts.Motion(List.of(), facts.unknown()));
    return facts.manifest(
        content, motion.spans(), motion.unknown(), missing, CloseReason.RECOVERED);
  }

  /** What its recorder would have listed, as far as files tell. */
  private static List<Gap> missing(Spool spool, FileFacts facts) throws IOException {
    List<Gap> missing = new ArrayList<>(missingBefore(spool, facts.header()));
    missing.addAll(facts.holes(SegmentRecorder.FRAMES_DROPPED));
    return missing;
  }

  /**
   * What the recorder knew to be missing before a segment: what its file says, or, where that says
   * nothing, before the first one of a run all from the end of what was sealed before; else what
   * was not to be recorded.
   */
  private static List<Gap> missingBefore(Spool spool, SegmentHeader header) throws IOException {
    if (!header.gaps().isEmpty()) {
      return header.gaps();
    }
    SpoolState state = spool.state();
    Optional<Instant> since = state.recordedBefore(header.start());
    if (since.isEmpty() && state.recordedUntil().isPresent()) {
      return List.of();
    }
    Instant from = since.orElse(Instant.EPOCH);
    Gap missing = new Gap(from, header.start(), Gap.RESTART);
    Rests rests = Rests.of(spool.folder());
    boolean isFirst = since.isPresent() && header.id().sequence() == 0;
    return isFirst ? rests.split(missing) : rests.restsIn(missing);
  }

  private static void removeTemporaries(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder, 2)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".tmp")).toList()) {
        DurableFiles.delete(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
