package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.sink.index.FileFact;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.StoredSegment;
import io.github.raspberryspy.sink.index.TrashedSegment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the master holds of a segment, listed or in the trash, and how other bytes of the same
 * segment compare with it. Nothing that is held goes because somebody asks. Thread-safe.
 */
final class Holdings {

  private static final Logger log = LoggerFactory.getLogger(Holdings.class);

  private final FootageFiles files;
  private final SegmentIndex index;
  private final SegmentLocks locks;
  private final Clock clock;

  Holdings(FootageFiles files, SegmentIndex index, SegmentLocks locks, Clock clock) {
    this.files = files;
    this.index = index;
    this.locks = locks;
    this.clock = clock;
  }

  /**
   * A row that is here.
   *
   * @param isTrashed whether a person deleted it, and can have it back
   */
  record Known(StoredSegment row, boolean isTrashed) {

    Content content() {
      return row.manifest().content();
    }
  }

  /**
   * How a file compares with what is here.
   *
   * @param known what is here
   * @param agrees whether one of the two is the beginning of the other, or they are equal
   */
  record Match(Optional<Known> known, boolean agrees) {}

  /** The listed segment of this id, if a receipt may be given for it as far as is known. */
  Optional<StoredSegment> sound(SegmentId id) {
    return index.find(id).filter(this::isSound);
  }

  /** Bytes that are compared. */
  @FunctionalInterface
  interface Bytes {
    /** From the first one on; the caller closes. */
    InputStream open() throws IOException;
  }

  /** Whether its file lies there with the right size, and nobody found anything wrong with it. */
  boolean isSound(StoredSegment row) {
    return row.damage().isEmpty() && lies(row);
  }

  /** What is here of this segment, whatever its state. */
  Optional<Known> known(SegmentId id) {
    Optional<Known> listed = index.find(id).map(row -> new Known(row, false));
    return listed.isPresent()
        ? listed
        : index.trash().find(id).map(t -> new Known(t.segment(), true));
  }

  /**
   * Compares a file with what is here of its segment. This reads as much as the two have in common,
   * so the segment's lock is better not held.
   */
  Match match(Bytes bytes, SegmentManifest manifest) throws IOException {
    Optional<Known> known = known(manifest.id());
    return new Match(known, known.isPresent() && agrees(bytes, manifest, known.get()));
  }

  private boolean agrees(Bytes bytes, SegmentManifest manifest, Known known) throws IOException {
    Content fresh = manifest.content();
    if (fresh.equals(known.content())) {
      return true;
    }
    return fresh.bytes() > known.content().bytes()
        ? begins(bytes, known.content())
        : manifest.closed() == CloseReason.SALVAGED
            && begins(() -> files.open(known.row().path(), 0, fresh.bytes()), fresh);
  }

  /** Whether the first bytes are these. */
  private static boolean begins(Bytes bytes, Content content) throws IOException {
    MessageDigest digest = DurableFiles.sha256();
    try (InputStream in = new DigestInputStream(bytes.open(), digest)) {
      byte[] buffer = new byte[128 << 10];
      for (long left = content.bytes(); left > 0; ) {
        int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (n < 0) {
          return false;
        }
        left -= n;
      }
    } catch (NoSuchFileException e) {
      return false;
    }
    return HexFormat.of().formatHex(digest.digest()).equals(content.sha256());
  }

  /**
   * Reads a segment again before another receipt is given for it: it may have been damaged since
   * the first one, and the camera may hold the only good copy. A damaged one stays where it is, and
   * is marked, until the camera has sent it anew.
   *
   * @throws StoreException NOT_FOUND if it is damaged
   */
  void requireIntact(StoredSegment row) throws IOException {
    SegmentId id = row.manifest().id();
    if (isIntact(row) || isIntactNow(id)) {
      return;
    }
    throw new StoreException(
        StoreException.Kind.NOT_FOUND, id + " was damaged here: send it again");
  }

  /** Read once more, with nobody at it: it may have come anew while it was read. */
  private boolean isIntactNow(SegmentId id) throws IOException {
    SegmentLocks.Held lock = locks.take(id);
    try {
      Optional<StoredSegment> row = index.find(id);
      if (row.isEmpty() || isIntact(row.get())) {
        return row.isPresent();
      }
      log.error("{} is damaged {}", id, files.where());
      String reason = "its bytes changed " + files.where() + " after it was verified";
      index.damage().note(FileFact.of(row.get()), reason, clock.instant());
      return false;
    } finally {
      lock.release();
    }
  }

  /** Whether its bytes are still those that were verified. */
  boolean isIntact(StoredSegment row) throws IOException {
    return lies(row) && files.hash(row.path()).equals(row.manifest().content());
  }

  private boolean lies(StoredSegment row) {
    try {
      return files.size(row.path()).equals(OptionalLong.of(row.manifest().content().bytes()));
    } catch (FootageAwayException e) {
      throw StoreException.away(e);
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Kind.IO, "the master cannot look at " + row.manifest().id(), e);
    }
  }

  /**
   * Lists what a person deleted again, since its camera has sent it again; the caller holds the
   * segment's lock. The mark goes before the row comes, so that no crash leaves a listed segment
   * that a new index would take for a deleted one.
   */
  StoredSegment bringBack(Known known) throws IOException {
    if (!known.isTrashed()) {
      return known.row();
    }
    StoredSegment old = known.row();
    String mark = FootageKeys.trashMark(old.path());
    if (files.exists(mark)) {
      files.delete(List.of(mark));
    }
    StoredSegment row = new StoredSegment(old.manifest(), clock.instant(), old.saved(), old.path());
    index.trash().restore(new TrashedSegment(row, clock.instant()));
    return row;
  }
}
