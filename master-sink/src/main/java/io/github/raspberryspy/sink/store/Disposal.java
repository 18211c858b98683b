package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.sink.index.Garbage;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.StoredSegment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves segments and deletes them. The saved mark is a file beside the video as well as a field of
 * the row, and either of them alone keeps the segment. Deleting goes: row to garbage, unlink, fsync
 * of the folder, garbage forgotten; so that a crash leaves nothing that is neither. Thread-safe.
 */
final class Disposal {

  private static final Logger log = LoggerFactory.getLogger(Disposal.class);

  private final FootageFolder folder;
  private final SegmentIndex index;
  private final CameraLocks locks;

  Disposal(FootageFolder folder, SegmentIndex index, CameraLocks locks) {
    this.folder = folder;
    this.index = index;
    this.locks = locks;
  }

  /** Sets or takes away the saved mark. Returns whether that changed something. */
  boolean save(SegmentId id, boolean saved) throws IOException {
    ReentrantLock lock = locks.take(id.camera());
    try {
      StoredSegment segment =
          index
              .find(id)
              .orElseThrow(
                  () ->
                      new StoreException(
                          StoreException.Kind.NOT_FOUND, "there is no segment " + id));
      Path mark = FootageFolder.savedMark(folder.video(segment.path()));
      boolean was = segment.saved() && Files.exists(mark);
      if (saved) {
        DurableFiles.write(mark, new byte[0]);
        index.setSaved(id, true);
      } else {
        index.setSaved(id, false);
        DurableFiles.delete(mark);
      }
      return was != saved;
    } finally {
      lock.unlock();
    }
  }

  /** Deletes a segment if nobody saved it meanwhile; empty where nothing was deleted. */
  Optional<StoredSegment> delete(SegmentId id) throws IOException {
    ReentrantLock lock = locks.take(id.camera());
    try {
      Optional<StoredSegment> segment = index.find(id);
      if (segment.isEmpty() || isSaved(segment.get())) {
        return Optional.empty();
      }
      index.discard(segment.get());
      collect(new Garbage(segment.get().path(), id.toString()));
      return segment;
    } finally {
      lock.unlock();
    }
  }

  /** Finishes every deletion that did not come to its end. */
  void collectAll() {
    for (Garbage garbage : index.garbage()) {
      String camera = SegmentId.parse(garbage.segment()).camera();
      try {
        ReentrantLock lock = locks.take(camera);
        try {
          collect(garbage);
        } finally {
          lock.unlock();
        }
      } catch (IOException e) {
        log.warn("{} could not be deleted yet: {}", garbage.path(), e.getMessage());
      }
    }
  }

  private void collect(Garbage garbage) throws IOException {
    Path video = folder.video(garbage.path());
    Files.deleteIfExists(video);
    Files.deleteIfExists(FootageFolder.manifest(video));
    Files.deleteIfExists(FootageFolder.savedMark(video)); // of what was salvaged and came whole
    Path day = video.getParent();
    if (Files.isDirectory(day)) {
      DurableFiles.syncDirectory(day);
    }
    index.forget(garbage);
  }

  private boolean isSaved(StoredSegment segment) {
    boolean marked = Files.exists(FootageFolder.savedMark(folder.video(segment.path())));
    if (marked && !segment.saved()) {
      log.warn("{} has its saved mark, though the index forgot it", segment.manifest().id());
      index.setSaved(segment.manifest().id(), true);
    }
    return marked || segment.saved();
  }
}
