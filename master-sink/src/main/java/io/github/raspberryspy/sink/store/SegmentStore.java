package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.OneLine;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.sink.auth.MasterSecret;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.event.MasterEvent.SegmentDeleted;
import io.github.raspberryspy.sink.event.MasterEvent.SegmentRestored;
import io.github.raspberryspy.sink.event.MasterEvent.SegmentSaved;
import io.github.raspberryspy.sink.event.MasterEvent.SegmentStored;
import io.github.raspberryspy.sink.event.MasterEvent.StorageChanged;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.StoredSegment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The footage: takes uploads, seals them into segments, saves and deletes. What it keeps:
 *
 * <ul>
 *   <li>a receipt is given only for a segment whose row is committed and whose file was read again,
 *       synced and named before;
 *   <li>a segment exists once, whatever is repeated, and other bytes never take its place;
 *   <li>a saved segment is not deleted.
 * </ul>
 *
 * <p>Thread-safe. Every method that a camera's request ends in takes the camera's name and sees
 * only its uploads. Refusals are {@link StoreException}s; failures of the disk are {@link
 * IOException}s.
 */
public final class SegmentStore implements AutoCloseable {

  /** Largest upload, bytes. */
  public static final long MAX_BYTES = 64L << 30;

  /** Longest note of a saved segment, characters. */
  public static final int MOST_OF_NOTE = SavedMark.MOST_CHARACTERS;

  private static final Logger log = LoggerFactory.getLogger(SegmentStore.class);
  private static final long CLOSE_SECONDS = 60;

  private final FootageFolder folder;
  private final FootageFiles files;
  private final MasterSecret secret;
  private final Events events;
  private final Incoming incoming;
  private final Uploads uploads;
  private final Disposal disposal;
  private final Salvage salvage;
  private final Clock clock;
  private final Gate gate = new Gate();

  /** Whoever has to wait for the footage's place, and for that of what grows. */
  private final Turns seals;

  private final Turns growth;

  private SegmentStore(Parts parts, SealStep.Probe probe, SegmentLocks locks) throws IOException {
    this.folder = parts.folder();
    this.files = parts.files();
    this.secret = parts.secret();
    this.events = parts.events();
    this.clock = parts.clock();
    this.seals = new Turns(files);
    this.growth = new Turns(files.shared().isPresent() ? files : folder.files());
    this.incoming =
        new Incoming(
            folder.incoming(),
            files
                .shared()
                .map(
                    bucket -> new UploadPieces.Shared(bucket, parts.index()::requireHeld, growth)));
    Holdings holdings = new Holdings(files, parts.index(), locks, parts.clock());
    Sealer sealer = new Sealer(parts, incoming, holdings, locks, probe);
    this.disposal = new Disposal(files, parts.index(), locks);
    Filming filming = new Filming();
    this.salvage = new Salvage(incoming, filming, sealer, this::settle);
    this.uploads = new Uploads(parts, incoming, filming, holdings, sealer, salvage);
  }

  /**
   * What a store is made of.
   *
   * @param folder the footage folder, locked by this process
   * @param files where sealed footage lies
   * @param secret signs receipts and makes tokens
   * @param index of the footage
   * @param events where to tell
   * @param space on the disk
   * @param clock wall time
   */
  public record Parts(
      FootageFolder folder,
      FootageFiles files,
      MasterSecret secret,
      SegmentIndex index,
      Events events,
      DiskSpace space,
      Clock clock) {}

  /**
   * Opens the store and brings it in order: deletions and seals that were interrupted are finished,
   * and a new index is filled from the files.
   */
  public static SegmentStore open(Parts parts) throws IOException {
    return open(parts, SealStep.Probe.NONE);
  }

  static SegmentStore open(Parts parts, SealStep.Probe probe) throws IOException {
    return open(parts, probe, new SegmentLocks());
  }

  static SegmentStore open(Parts parts, SealStep.Probe probe, SegmentLocks locks)
      throws IOException {
    SegmentStore store = new SegmentStore(parts, probe, locks);
    store.disposal.collectAll();
    fill(parts.index(), parts.files(), parts.clock());
    store.disposal.markAll();
    store.finishSeals();
    store.uploads.forgetVerified();
    return store;
  }

  /**
   * Fills an index that is new from the files, and notes in it when the last of them came; to be
   * done before anybody reads in it how late it was.
   */
  public static void fill(SegmentIndex index, FootageFiles files, Clock wall) throws IOException {
    if (!index.isComplete()) {
      long found = new IndexRebuild(files, index, wall).run();
      log.info("the index was filled with {} segments from {}", found, files.name());
    }
  }

  /**
   * Begins an upload of a client that does not say what it is going to be.
   *
   * @param length bytes of the whole, from 1 to {@link #MAX_BYTES}; empty if it says so later
   */
  public UploadStatus create(String camera, OptionalLong length) throws IOException {
    return inside(() -> uploads.create(camera, length));
  }

  /** Begins an upload, or finds the one that was begun; a verified one is complete. */
  public UploadStatus create(String camera, UploadClaim claim) throws IOException {
    return inside(() -> uploads.create(camera, claim));
  }

  /**
   * Begins the upload of a segment that still grows, or finds the one that was begun. What is
   * appended to it is durable when {@link #append} returns. Once the segment is whole, {@link
   * #create(String, UploadClaim)} finds it.
   */
  public UploadStatus createOpen(String camera, SegmentId id) throws IOException {
    return inside(() -> growth.take(() -> uploads.createOpen(camera, id)));
  }

  /** Says how long an upload is that was begun without a length; from 1 to {@link #MAX_BYTES}. */
  public void declare(String camera, String token, long length) throws IOException {
    inside(
        () -> {
          uploads.declare(camera, token, length);
          return token;
        });
  }

  /** How far an upload is. */
  public UploadStatus status(String camera, String token) {
    folder.identity().requireHere(); // a file that is away is not a file that is lost
    return uploads.status(camera, token);
  }

  /** Appends a chunk whose checksum was right: whole or not at all. */
  public UploadStatus append(String camera, String token, long offset, ByteBuffer chunk)
      throws IOException {
    return inside(
        () ->
            uploads.append(camera, token, offset, chunk.remaining(), (p, room) -> p.append(chunk)));
  }

  /**
   * Appends what comes, and keeps it if the stream breaks.
   *
   * @param announced how many bytes are going to come; negative if that is not known
   * @param cut makes the stream break, from another thread: a newer request for this upload does
   */
  public UploadStatus append(
      String camera, String token, long offset, InputStream body, long announced, Runnable cut)
      throws IOException {
    return inside(
        () ->
            uploads.append(
                camera, token, offset, announced, (p, room) -> p.append(body, cut, room)));
  }

  /** Drops a partial upload. */
  public void drop(String camera, String token) throws IOException {
    inside(
        () -> {
          uploads.drop(camera, token);
          return token;
        });
  }

  /**
   * Seals an upload into a segment. Asked again, it answers the same.
   *
   * @return the receipt: the segment is verified, durable and indexed
   */
  public Receipt seal(String camera, String token, SegmentManifest manifest) throws IOException {
    return inside(
        () -> {
          Optional<StoredSegment> sealed = seals.take(() -> uploads.seal(camera, token, manifest));
          sealed.ifPresent(this::settle);
          return Receipt.sign(secret.credential(camera), manifest.id(), manifest.content());
        });
  }

  /**
   * Makes segments of what cameras that are gone have sent: of each upload that nobody went on with
   * for so long, up to its last whole fragment. Returns how many.
   *
   * @param isGone whether a camera is
   */
  public int salvage(Predicate<String> isGone, Duration idle) throws IOException {
    return inside(() -> salvage.run(isGone, idle.toNanos()));
  }

  /**
   * Likewise of segments that their cameras do not film any more: those before one that its camera
   * has begun, or sealed, and those of another key than that which it films. Returns how many.
   *
   * @param patience how long an upload of a camera may rest
   */
  public int salvagePassedOver(Function<String, Duration> patience) throws IOException {
    return inside(() -> salvage.runPassedOver(camera -> patience.apply(camera).toNanos()));
  }

  /**
   * Ends uploads that nobody went on with for so long, since when the master was started at the
   * earliest: what plays of them becomes a segment, the rest is dropped.
   */
  public void expire(Duration idle) throws IOException {
    inside(
        () -> {
          salvage.expire(idle.toNanos());
          return true;
        });
  }

  /** Saves a segment from retention, or gives it up to it again, with what was written of it. */
  public void save(SegmentId id, boolean saved) throws IOException {
    if (saved) {
      save(id, Optional.empty());
    } else if (inside(() -> disposal.giveUp(id))) {
      events.publish(new SegmentSaved(id, false, ""));
      events.publish(new StorageChanged());
    }
  }

  /**
   * Saves a segment from retention, with a note.
   *
   * @param note what somebody writes of it, {@link #MOST_OF_NOTE} characters at the most; without
   *     one, what was written stays
   */
  public void save(SegmentId id, Optional<String> note) throws IOException {
    if (note.filter(text -> text.length() > MOST_OF_NOTE).isPresent()) {
      throw new StoreException(
          StoreException.Kind.INVALID,
          "the note has "
              + note.get().length()
              + " characters; allowed are "
              + MOST_OF_NOTE
              + " at the most");
    }
    Optional<String> plain = note.map(text -> OneLine.of(text).strip());
    inside(() -> disposal.save(id, plain))
        .ifPresent(
            text -> {
              events.publish(new SegmentSaved(id, true, text));
              events.publish(new StorageChanged());
            });
  }

  /**
   * Deletes a segment unless it is saved. Returns whether it was deleted.
   *
   * @param reason why, for the log and the listeners
   */
  public boolean delete(SegmentId id, String reason) throws IOException {
    Optional<StoredSegment> deleted = inside(() -> disposal.delete(id));
    deleted.ifPresent(
        segment -> {
          log.info("{} was deleted: {}", id, reason);
          events.publish(new SegmentDeleted(id, segment.manifest().content().bytes(), reason));
        });
    return deleted.isPresent();
  }

  /**
   * Deletes a segment as a person wishes: for a while it can be had back.
   *
   * @throws StoreException NOT_FOUND, or CONFLICT if it is saved
   */
  public void trash(SegmentId id) throws IOException {
    StoredSegment gone = inside(() -> disposal.trash(id, clock.instant()));
    log.info("{} was deleted by a person", id);
    events.publish(new SegmentDeleted(id, gone.manifest().content().bytes(), "person"));
    events.publish(new StorageChanged());
  }

  /**
   * Gives back what a person deleted. Its age counts anew: else what was nearly too old would be
   * deleted for good the next moment.
   *
   * @throws StoreException NOT_FOUND if it is not there any more
   */
  public void restore(SegmentId id) throws IOException {
    StoredSegment back = inside(() -> disposal.restore(id, clock.instant()));
    events.publish(new SegmentRestored(back));
    events.publish(new StorageChanged());
  }

  /** Deletes for good what a person deleted. Returns whether it was there. */
  public boolean purge(SegmentId id) throws IOException {
    return inside(() -> disposal.purge(id));
  }

  /**
   * Deletes for good, as a person wishes, what a person deleted. Returns how many of these were
   * there.
   */
  public int purge(List<SegmentId> ids) throws IOException {
    int purged = 0;
    try {
      for (SegmentId id : ids) {
        if (purge(id)) {
          log.info("{} was deleted for good by a person", id);
          purged++;
        }
      }
    } finally {
      events.publish(new StorageChanged());
    }
    return purged;
  }

  /** Tries again to delete what could not be deleted before. */
  public void collectGarbage() throws IOException {
    inside(
        () -> {
          disposal.collectAll();
          return true;
        });
  }

  /**
   * A segment's video as it lies there, which may have been damaged since it was verified.
   *
   * @throws StoreException NOT_FOUND if it is gone, AWAY if that cannot be asked
   */
  public StoredVideo video(StoredSegment segment) throws IOException {
    try {
      OptionalLong bytes = files.size(segment.path());
      if (bytes.isEmpty()) {
        throw new StoreException(
            StoreException.Kind.NOT_FOUND, "the segment was deleted meanwhile");
      }
      return new StoredVideo(files, segment.path(), bytes.getAsLong());
    } catch (FootageAwayException e) {
      throw StoreException.away(e);
    }
  }

  /** Lets nothing in any more and finishes what has begun. */
  @Override
  public void close() {
    try {
      if (!gate.shut(CLOSE_SECONDS)) {
        log.warn("uploads did not end within {} s", CLOSE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private interface Work<T> {
    T run() throws IOException;
  }

  private <T> T inside(Work<T> work) throws IOException {
    gate.enter();
    try {
      folder.identity().requireHere();
      return work.run();
    } catch (FootageAwayException e) {
      throw StoreException.away(e);
    } finally {
      gate.leave();
    }
  }

  private void finishSeals() {
    for (Partial partial : incoming.sealing()) {
      try {
        uploads.resume(partial).ifPresent(this::announce);
      } catch (RuntimeException | IOException e) {
        log.error("the seal of upload {} was not finished: {}", partial.part(), e.getMessage(), e);
      }
    }
    disposal.collectAll();
  }

  /** A segment is there: what was salvaged of it before goes, and everybody is told. */
  private void settle(StoredSegment segment) {
    disposal.collect(segment.manifest().id());
    announce(segment);
  }

  private void announce(StoredSegment segment) {
    events.publish(new SegmentStored(segment));
    events.publish(new StorageChanged());
  }
}
