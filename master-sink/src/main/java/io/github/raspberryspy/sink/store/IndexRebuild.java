package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.sink.index.IndexUnavailableException;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.StoredSegment;
import io.github.raspberryspy.sink.index.TrashedSegment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a new index from the files: every manifest whose video lies beside it with the right size.
 * Saved marks and those of the trash are read back, and a segment counts as received when its
 * manifest was written. Hashes are not computed here. A rebuild that is interrupted is begun again
 * at the next start.
 */
final class IndexRebuild {

  private static final Logger log = LoggerFactory.getLogger(IndexRebuild.class);
  private static final int BATCH = 500;

  /** Manifests may be large, and many of them at once are more than a small master has room for. */
  private static final long BATCH_BYTES = 1 << 20;

  private final FootageFolder folder;
  private final SegmentIndex index;
  private final Instant now;
  private final List<StoredSegment> batch = new ArrayList<>();
  private final List<Path> deleted = new ArrayList<>();
  private long batchBytes;
  private long found;

  IndexRebuild(FootageFolder folder, SegmentIndex index, Clock clock) {
    this.folder = folder;
    this.index = index;
    this.now = clock.instant();
  }

  /** Returns how many segments were found. */
  long run() throws IOException {
    for (Path day : folder.days()) {
      readDay(day);
    }
    flush();
    deleted.forEach(this::readDeleted);
    index.markComplete();
    return found;
  }

  private void readDay(Path day) throws IOException {
    try (Stream<Path> files = Files.list(day)) {
      for (Path file : files.sorted().toList()) {
        if (file.getFileName().toString().endsWith(SegmentName.MANIFEST)) {
          read(file);
        }
      }
    }
  }

  private void read(Path file) {
    Path video = video(file);
    try {
      if (Files.exists(FootageFolder.trashMark(video))
          && !Files.exists(FootageFolder.savedMark(video))) {
        deleted.add(file); // after all that is listed: it must not take another's place
        return;
      }
      Optional<StoredSegment> segment = segment(file, video);
      if (segment.isPresent()) {
        batch.add(segment.get());
        batchBytes += Files.size(file);
        if (batch.size() == BATCH || batchBytes > BATCH_BYTES) {
          flush();
        }
      }
    } catch (IndexUnavailableException e) {
      throw e; // it is not the file's fault
    } catch (IOException | RuntimeException e) {
      log.warn("{} is left out of the index: {}", file, e.getMessage());
    }
  }

  private void readDeleted(Path file) {
    Path video = video(file);
    try {
      Optional<StoredSegment> segment = segment(file, video);
      if (segment.isPresent() && index.find(segment.get().manifest().id()).isPresent()) {
        log.warn("{} was deleted, and its segment is there: its files are left alone", file);
      } else if (segment.isPresent()) {
        index.trash().add(new TrashedSegment(segment.get(), deletedAt(video)));
      }
    } catch (IndexUnavailableException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      log.warn("{} is left out of the index: {}", file, e.getMessage());
    }
  }

  private static Path video(Path manifest) {
    String name = manifest.getFileName().toString();
    String base = name.substring(0, name.length() - SegmentName.MANIFEST.length());
    return manifest.resolveSibling(base + SegmentName.VIDEO);
  }

  private Optional<StoredSegment> segment(Path file, Path video) throws IOException {
    SegmentManifest manifest = ManifestCodec.read(file);
    if (!Files.exists(video) || Files.size(video) != manifest.content().bytes()) {
      log.warn("{} is left out of the index: its video is missing or cut", file);
      return Optional.empty();
    }
    return Optional.of(
        new StoredSegment(
            manifest,
            writtenAt(file),
            Files.exists(FootageFolder.savedMark(video)),
            folder.relative(video)));
  }

  /** The mark says when, wherever the folder was copied to since. */
  private Instant deletedAt(Path video) throws IOException {
    Path mark = FootageFolder.trashMark(video);
    try {
      Instant at = Instant.parse(Files.readString(mark));
      return at.isAfter(now) ? now : at;
    } catch (DateTimeParseException e) {
      return writtenAt(mark);
    }
  }

  private Instant writtenAt(Path file) throws IOException {
    Instant written = Files.getLastModifiedTime(file).toInstant();
    return written.isAfter(now) ? now : written;
  }

  private void flush() {
    try {
      index.add(batch);
      found += batch.size();
    } catch (IndexUnavailableException e) {
      throw e;
    } catch (RuntimeException e) {
      log.warn("{} segments are added to the index one by one: {}", batch.size(), e.getMessage());
      batch.forEach(this::addAlone);
    }
    batch.clear();
    batchBytes = 0;
  }

  /** One segment that the index does not take must not keep the others out. */
  private void addAlone(StoredSegment segment) {
    try {
      index.add(List.of(segment));
      found++;
    } catch (IndexUnavailableException e) {
      throw e;
    } catch (RuntimeException e) {
      log.warn("{} is left out of the index: {}", segment.path(), e.getMessage());
    }
  }
}
