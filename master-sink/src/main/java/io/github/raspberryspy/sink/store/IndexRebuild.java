package io.github.raspberryspy.sink.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.sink.index.IndexUnavailableException;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.Stamps;
import io.github.raspberryspy.sink.index.StoredSegment;
import io.github.raspberryspy.sink.index.TrashedSegment;
import io.github.raspberryspy.sink.store.FootageFiles.Entry;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a new index from the files: every manifest whose video lies beside it with the right size.
 * Saved marks and those of the trash are read back, and a segment counts as received when its
 * manifest was written. Hashes are not computed here. The last of these times is noted as the last
 * that it was known to be: where the clock is far ahead of it, that clock may be wrong. A rebuild
 * that is interrupted is begun again at the next start.
 */
final class IndexRebuild {

  private static final Logger log = LoggerFactory.getLogger(IndexRebuild.class);
  private static final int BATCH = 500;

  /** A mark is a time; what is longer is none. */
  private static final int MOST_OF_MARK = 100;

  /** Manifests may be large, and many of them at once are more than a small master has room for. */
  private static final long BATCH_BYTES = 1 << 20;

  private final FootageFiles files;
  private final SegmentIndex index;
  private final Instant now;
  private final List<StoredSegment> batch = new ArrayList<>();
  private final List<Found> deleted = new ArrayList<>();
  private long batchBytes;
  private long found;
  private Optional<Instant> last = Optional.empty();

  /** A manifest and what lies beside it. */
  private record Found(
      Entry manifest, Optional<Entry> video, boolean isSaved, Optional<Entry> trashMark) {

    static Found of(Entry manifest, Map<String, Entry> day) {
      String video = FootageKeys.video(manifest.key());
      return new Found(
          manifest,
          Optional.ofNullable(day.get(video)),
          day.containsKey(FootageKeys.savedMark(video)),
          Optional.ofNullable(day.get(FootageKeys.trashMark(video))));
    }

    boolean isDeleted() {
      return trashMark.isPresent() && !isSaved;
    }
  }

  IndexRebuild(FootageFiles files, SegmentIndex index, Clock clock) {
    this.files = files;
    this.index = index;
    this.now = clock.instant();
  }

  /** Returns how many segments were found. */
  long run() throws IOException {
    for (String day : files.days()) {
      readDay(day);
    }
    flush();
    for (Found one : deleted) {
      readDeleted(one);
    }
    last.ifPresent(at -> index.notes().putIfAbsent(Stamps.LAST, at.toString()));
    index.markComplete();
    return found;
  }

  private void readDay(String day) throws IOException {
    Map<String, Entry> there = new TreeMap<>();
    for (Entry entry : files.list(day)) {
      there.put(entry.key(), entry);
    }
    for (Entry entry : there.values()) {
      if (entry.key().endsWith(SegmentName.MANIFEST)) {
        Found one = Found.of(entry, there);
        if (one.isDeleted()) {
          deleted.add(one); // after all that is listed: it must not take another's place
        } else {
          read(one);
        }
      }
    }
  }

  private void read(Found file) throws IOException {
    try {
      Optional<StoredSegment> segment = segment(file);
      if (segment.isPresent()) {
        batch.add(segment.get());
        batchBytes += file.manifest().bytes();
        if (batch.size() == BATCH || batchBytes > BATCH_BYTES) {
          flush();
        }
      }
    } catch (IndexUnavailableException e) {
      throw e; // it is not the file's fault
    } catch (FootageAwayException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      log.warn("{} is left out of the index: {}", file.manifest().key(), e.getMessage());
    }
  }

  private void readDeleted(Found file) throws IOException {
    String key = file.manifest().key();
    try {
      Optional<StoredSegment> segment = segment(file);
      if (segment.isPresent() && index.find(segment.get().manifest().id()).isPresent()) {
        log.warn("{} was deleted, and its segment is there: its files are left alone", key);
      } else if (segment.isPresent()) {
        Instant at = deletedAt(file.trashMark().orElseThrow());
        index.trash().add(new TrashedSegment(segment.get(), at));
      }
    } catch (IndexUnavailableException e) {
      throw e;
    } catch (FootageAwayException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      log.warn("{} is left out of the index: {}", key, e.getMessage());
    }
  }

  private Optional<StoredSegment> segment(Found file) throws IOException {
    String key = file.manifest().key();
    SegmentManifest manifest = ManifestCodec.decode(files.read(key, JsonFields.MAX_BYTES + 1));
    long bytes = manifest.content().bytes();
    if (file.video().filter(video -> video.bytes() == bytes).isEmpty()) {
      log.warn("{} is left out of the index: its video is missing or cut", key);
      return Optional.empty();
    }
    String video = file.video().get().key();
    String note = file.isSaved() ? SavedMark.read(files, video).orElse("") : "";
    return Optional.of(
        new StoredSegment(manifest, written(file.manifest()), file.isSaved(), video).noted(note));
  }

  /** The mark says when, wherever the footage was copied to since. */
  private Instant deletedAt(Entry mark) throws IOException {
    try {
      String text = new String(files.read(mark.key(), MOST_OF_MARK), UTF_8);
      Instant at = Instant.parse(text);
      return at.isAfter(now) ? now : at;
    } catch (DateTimeParseException e) {
      return written(mark);
    }
  }

  private Instant written(Entry entry) {
    if (entry.written().isAfter(now)) {
      return now;
    }
    last = last.filter(at -> at.isAfter(entry.written())).or(() -> Optional.of(entry.written()));
    return entry.written();
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
