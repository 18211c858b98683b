package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.sink.index.Garbage;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.StoredSegment;
import io.github.raspberryspy.sink.index.Trash;
import io.github.raspberryspy.sink.index.TrashedSegment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves segments and deletes them. The saved mark is a file beside the video as well as a field of
 * the row, and either of them alone keeps the segment. Deleting goes: row to garbage, unlink, fsync
 * of the folder, garbage forgotten; so that a crash leaves nothing that is neither. Thread-safe.
 */
final class Disposal {

  private static final Logger log = LoggerFactory.getLogger(Disposal.class);

  /**
   * Marks are written one after the other: a crash leaves out the last, or a failing disk a few.
   */
  private static final int MOST_UNMARKED = 1000;

  private final FootageFiles files;
  private final SegmentIndex index;
  private final SegmentLocks locks;

  Disposal(FootageFiles files, SegmentIndex index, SegmentLocks locks) {
    this.files = files;
    this.index = index;
    this.locks = locks;
  }

  /**
   * Sets the saved mark.
   *
   * @param note what somebody writes of it; empty leaves what was written
   * @return what is written of it now; empty where that is as it was
   */
  Optional<String> save(SegmentId id, Optional<String> note) throws IOException {
    SegmentLocks.Held lock = locks.take(id);
    try {
      StoredSegment segment = index.find(id).orElseThrow(() -> missing(id));
      Optional<String> mark = SavedMark.read(files, segment.path());
      String text = note.orElse(segment.note());
      if (segment.saved() && segment.note().equals(text) && mark.equals(Optional.of(text))) {
        return Optional.empty();
      }
      SavedMark.write(files, segment.path(), text);
      index.save(id, text);
      return Optional.of(text);
    } finally {
      lock.release();
    }
  }

  /** Takes the saved mark away, with its note. Returns whether that changed something. */
  boolean giveUp(SegmentId id) throws IOException {
    SegmentLocks.Held lock = locks.take(id);
    try {
      StoredSegment segment = index.find(id).orElseThrow(() -> missing(id));
      String mark = FootageKeys.savedMark(segment.path());
      boolean was = segment.saved() || files.exists(mark);
      index.setSaved(id, false);
      files.delete(List.of(mark));
      return was;
    } finally {
      lock.release();
    }
  }

  /** Deletes a segment if nobody saved it meanwhile; empty where nothing was deleted. */
  Optional<StoredSegment> delete(SegmentId id) throws IOException {
    SegmentLocks.Held lock = locks.take(id);
    try {
      Optional<StoredSegment> segment = index.find(id);
      if (segment.isEmpty() || isSaved(segment.get())) {
        return Optional.empty();
      }
      index.discard(segment.get());
      collect(new Garbage(segment.get().path(), id.toString()));
      return segment;
    } finally {
      lock.release();
    }
  }

  /**
   * Puts a segment where it can be had back: the row moves, then the mark is written that says so
   * to a rebuild of the index.
   *
   * @throws StoreException NOT_FOUND, or CONFLICT if it is saved
   */
  StoredSegment trash(SegmentId id, Instant now) throws IOException {
    SegmentLocks.Held lock = locks.take(id);
    try {
      StoredSegment segment = index.find(id).orElseThrow(() -> missing(id));
      if (isSaved(segment)) {
        throw new StoreException(
            StoreException.Kind.CONFLICT, id + " is saved: give it up first, then delete it");
      }
      index.trash().add(new TrashedSegment(segment, now));
      mark(segment.path(), now);
      return segment;
    } finally {
      lock.release();
    }
  }

  /**
   * Gives a segment back that somebody deleted, as received now.
   *
   * @throws StoreException NOT_FOUND if it is not in the trash
   */
  StoredSegment restore(SegmentId id, Instant now) throws IOException {
    SegmentLocks.Held lock = locks.take(id);
    try {
      TrashedSegment trashed = index.trash().find(id).orElseThrow(() -> missing(id));
      StoredSegment segment = trashed.segment().receivedAt(now);
      files.write( // its time is what a rebuild of the index goes by
          FootageKeys.manifest(segment.path()), ManifestCodec.encode(segment.manifest()));
      files.delete(List.of(FootageKeys.trashMark(segment.path())));
      try {
        index.trash().restore(new TrashedSegment(segment, trashed.deletedAt()));
      } catch (RuntimeException e) {
        mark(segment.path(), trashed.deletedAt());
        throw e;
      }
      return segment;
    } finally {
      lock.release();
    }
  }

  /** Deletes a segment in the trash for good. Returns whether it was there. */
  boolean purge(SegmentId id) throws IOException {
    SegmentLocks.Held lock = locks.take(id);
    try {
      Optional<TrashedSegment> trashed = index.trash().find(id);
      if (trashed.isPresent()) {
        index.trash().discard(trashed.get());
        collect(new Garbage(trashed.get().segment().path(), id.toString()));
      }
      return trashed.isPresent();
    } finally {
      lock.release();
    }
  }

  /** Writes the marks that a crash may have left out. */
  void markAll() throws IOException {
    for (Trash.Entry entry : index.trash().newest(MOST_UNMARKED)) {
      if (!files.exists(FootageKeys.trashMark(entry.path()))) {
        mark(entry.path(), entry.deletedAt());
      }
    }
  }

  private void mark(String path, Instant deletedAt) throws IOException {
    files.write(
        FootageKeys.trashMark(path), deletedAt.toString().getBytes(StandardCharsets.US_ASCII));
  }

  private static StoreException missing(SegmentId id) {
    return new StoreException(StoreException.Kind.NOT_FOUND, "there is no segment " + id);
  }

  /** Finishes every deletion that did not come to its end. */
  void collectAll() {
    collect(index.garbage().all());
  }

  /** Finishes the deletion of files that a segment had before. */
  void collect(SegmentId id) {
    collect(index.garbage().of(id));
  }

  private void collect(List<Garbage> all) {
    Set<String> busy = new HashSet<>();
    for (Garbage garbage : all) {
      SegmentId id = SegmentId.parse(garbage.segment());
      if (busy.contains(id.camera())) {
        continue;
      }
      try {
        SegmentLocks.Held lock = locks.take(id);
        try {
          collect(garbage);
        } finally {
          lock.release();
        }
      } catch (FootageAwayException e) {
        log.warn("what was deleted cannot be taken away yet: {}", e.getMessage());
        return; // each of the others would wait as long, in vain
      } catch (IOException e) {
        log.warn("{} could not be deleted yet: {}", garbage.path(), e.getMessage());
      } catch (StoreException e) {
        log.warn("{} could not be deleted yet: {}", garbage.path(), e.getMessage());
        busy.add(id.camera());
      }
    }
  }

  private void collect(Garbage garbage) throws IOException {
    String video = garbage.path();
    files.delete(
        List.of(
            video,
            FootageKeys.manifest(video),
            FootageKeys.savedMark(video), // of what was salvaged and came whole
            FootageKeys.trashMark(video)));
    index.garbage().forget(garbage);
  }

  private boolean isSaved(StoredSegment segment) throws IOException {
    boolean marked = files.exists(FootageKeys.savedMark(segment.path()));
    if (marked && !segment.saved()) {
      log.warn("{} has its saved mark, though the index forgot it", segment.manifest().id());
      index.setSaved(segment.manifest().id(), true);
    }
    return marked || segment.saved();
  }
}
