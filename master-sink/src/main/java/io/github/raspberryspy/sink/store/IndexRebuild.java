package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.StoredSegment;
import io.github.raspberryspy.sink.index.TrashedSegment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

  private final FootageFolder folder;
  private final SegmentIndex index;
  private final Instant now;
  private final List<StoredSegment> batch = new ArrayList<>();
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
    String name = file.getFileName().toString();
    String base = name.substring(0, name.length() - SegmentName.MANIFEST.length());
    Path video = file.resolveSibling(base + SegmentName.VIDEO);
    try {
      SegmentManifest manifest = ManifestCodec.read(file);
      if (!Files.exists(video) || Files.size(video) != manifest.content().bytes()) {
        log.warn("{} is left out of the index: its video is missing or cut", file);
        return;
      }
      StoredSegment segment =
          new StoredSegment(
              manifest,
              writtenAt(file),
              Files.exists(FootageFolder.savedMark(video)),
              folder.relative(video));
      Path trashed = FootageFolder.trashMark(video);
      if (!segment.saved() && Files.exists(trashed)) {
        index.trash().add(new TrashedSegment(segment, writtenAt(trashed)));
        return;
      }
      batch.add(segment);
      if (batch.size() == BATCH) {
        flush();
      }
    } catch (IOException | RuntimeException e) {
      log.warn("{} is left out of the index: {}", file, e.getMessage());
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
    } catch (RuntimeException e) {
      log.warn("{} segments are added to the index one by one: {}", batch.size(), e.getMessage());
      batch.forEach(this::addAlone);
    }
    batch.clear();
  }

  /** One segment that the index does not take must not keep the others out. */
  private void addAlone(StoredSegment segment) {
    try {
      index.add(List.of(segment));
      found++;
    } catch (RuntimeException e) {
      log.warn("{} is left out of the index: {}", segment.path(), e.getMessage());
    }
  }
}
