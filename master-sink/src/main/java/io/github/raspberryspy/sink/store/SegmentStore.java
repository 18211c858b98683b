package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.sink.auth.MasterSecret;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.event.MasterEvent.SegmentDeleted;
import io.github.raspberryspy.sink.event.MasterEvent.SegmentSaved;
import io.github.raspberryspy.sink.event.MasterEvent.SegmentStored;
import io.github.raspberryspy.sink.event.MasterEvent.StorageChanged;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.StoredSegment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The footage: takes uploads, seals them into segments, saves and deletes. What it keeps:
 *
 * <ul>
 *   <li>a receipt is given only for a segment whose row is committed and whose file was read again,
 *       synced and named before;
 *   <li>a segment exists once, whatever is repeated, and is never overwritten;
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

  private static final Logger log = LoggerFactory.getLogger(SegmentStore.class);
  private static final Instant LAST_MOMENT = Instant.parse("9999-12-31T00:00:00Z");
  private static final long LOCK_MILLIS = 500;
  private static final long SEAL_LOCK_MILLIS = 60_000;
  private static final long CLOSE_SECONDS = 60;

  /**
   * Room that an upload needs to begin; each chunk asks for its own, so that claims delete nothing.
   */
  private static final long FIRST_BYTES = 1 << 20;

  private final FootageFolder folder;
  private final MasterSecret secret;
  private final SegmentIndex index;
  private final Events events;
  private final DiskSpace space;
  private final Incoming incoming;
  private final Sealer sealer;
  private final Disposal disposal;
  private final Gate gate = new Gate();
  private final SecureRandom random = new SecureRandom();

  private SegmentStore(Parts parts, SealStep.Probe probe) throws IOException {
    this.folder = parts.folder();
    this.secret = parts.secret();
    this.index = parts.index();
    this.events = parts.events();
    this.space = parts.space();
    CameraLocks locks = new CameraLocks();
    this.incoming = new Incoming(folder.incoming());
    this.sealer = new Sealer(folder, index, incoming, locks, parts.clock(), probe);
    this.disposal = new Disposal(folder, index, locks);
  }

  /**
   * What a store is made of.
   *
   * @param folder the footage folder, locked by this process
   * @param secret signs receipts and makes tokens
   * @param index of the footage
   * @param events where to tell
   * @param space on the disk
   * @param clock wall time
   */
  public record Parts(
      FootageFolder folder,
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
    SegmentStore store = new SegmentStore(parts, probe);
    store.disposal.collectAll();
    if (!parts.index().isComplete()) {
      long found = new IndexRebuild(parts.folder(), parts.index(), parts.clock()).run();
      log.info("the index was filled with {} segments from the footage folder", found);
    }
    store.finishSeals();
    return store;
  }

  /**
   * Begins an upload, or finds the one that was begun.
   *
   * @param length bytes of the whole, from 1 to {@link #MAX_BYTES}
   * @param claim what it is going to be; empty for a client that does not say
   */
  public UploadStatus create(String camera, long length, Optional<UploadClaim> claim)
      throws IOException {
    gate.enter();
    try {
      if (claim.isEmpty()) {
        space.require(Math.min(length, FIRST_BYTES));
        return incoming
            .findOrCreate(randomToken(), new UploadInfo(camera, length, Optional.empty()))
            .status();
      }
      SegmentId id = claim.get().id();
      requireOwn(camera, id);
      String token = secret.uploadToken(id, claim.get().content());
      Optional<StoredSegment> known = sealer.held(id);
      if (known.isPresent()) {
        requireSame(known.get(), id, claim.get().content().equals(content(known.get())));
        index.linkUpload(token, id);
        return new UploadStatus(token, length, length);
      }
      space.require(Math.min(length, FIRST_BYTES));
      return incoming.findOrCreate(token, new UploadInfo(camera, length, Optional.of(id))).status();
    } finally {
      gate.leave();
    }
  }

  /** How far an upload is. */
  public UploadStatus status(String camera, String token) {
    Optional<Partial> partial = own(camera, token);
    if (partial.isPresent()) {
      return partial.get().status();
    }
    StoredSegment segment = verified(camera, token);
    long bytes = content(segment).bytes();
    return new UploadStatus(token, bytes, bytes);
  }

  /** Appends a chunk whose checksum was right: whole or not at all. */
  public UploadStatus append(String camera, String token, long offset, ByteBuffer chunk)
      throws IOException {
    return append(camera, token, offset, chunk.remaining(), p -> p.append(chunk));
  }

  /**
   * Appends what comes, and keeps it if the stream breaks.
   *
   * @param announced how many bytes are going to come; negative if that is not known
   */
  public UploadStatus append(
      String camera, String token, long offset, InputStream body, long announced)
      throws IOException {
    return append(camera, token, offset, announced, p -> p.append(body));
  }

  /** Drops a partial upload. */
  public void drop(String camera, String token) throws IOException {
    gate.enter();
    try {
      Optional<Partial> partial = own(camera, token);
      if (partial.isEmpty()) {
        verified(camera, token);
        throw new StoreException(
            StoreException.Kind.FORBIDDEN, "a verified segment is not the camera's to drop");
      }
      partial.get().lock(LOCK_MILLIS);
      try {
        incoming.discard(partial.get());
      } finally {
        partial.get().unlock();
      }
    } finally {
      gate.leave();
    }
  }

  /**
   * Seals an upload into a segment. Asked again, it answers the same.
   *
   * @return the receipt: the segment is verified, durable and indexed
   */
  public Receipt seal(String camera, String token, SegmentManifest manifest) throws IOException {
    requireOwn(camera, manifest.id());
    requireSaneTime(manifest);
    gate.enter();
    try {
      Optional<Partial> partial = own(camera, token);
      boolean sealed = partial.isPresent() && sealLocked(partial.get(), manifest);
      if (!sealed) {
        StoredSegment segment = verified(camera, token);
        requireSame(
            segment,
            manifest.id(),
            segment.manifest().id().equals(manifest.id())
                && content(segment).equals(manifest.content()));
      }
      return Receipt.sign(secret.credential(camera), manifest.id(), manifest.content());
    } finally {
      gate.leave();
    }
  }

  /** Saves a segment from retention, or gives it up to it again. */
  public void save(SegmentId id, boolean saved) throws IOException {
    gate.enter();
    try {
      if (disposal.save(id, saved)) {
        events.publish(new SegmentSaved(id, saved));
        events.publish(new StorageChanged());
      }
    } finally {
      gate.leave();
    }
  }

  /**
   * Deletes a segment unless it is saved. Returns whether it was deleted.
   *
   * @param reason why, for the log and the listeners
   */
  public boolean delete(SegmentId id, String reason) throws IOException {
    gate.enter();
    try {
      Optional<StoredSegment> deleted = disposal.delete(id);
      deleted.ifPresent(
          segment -> {
            log.info("{} was deleted: {}", id, reason);
            events.publish(new SegmentDeleted(id, content(segment).bytes(), reason));
          });
      return deleted.isPresent();
    } finally {
      gate.leave();
    }
  }

  /** Tries again to delete what could not be deleted before. */
  public void collectGarbage() {
    gate.enter();
    try {
      disposal.collectAll();
    } finally {
      gate.leave();
    }
  }

  /** The file of a segment. */
  public Path video(StoredSegment segment) {
    return folder.video(segment.path());
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

  private interface Append {
    void to(Partial partial) throws IOException;
  }

  private UploadStatus append(
      String camera, String token, long offset, long announced, Append append) throws IOException {
    gate.enter();
    try {
      Optional<Partial> own = own(camera, token);
      if (own.isEmpty()) {
        UploadStatus status = status(camera, token);
        requireRoom(status, offset, announced);
        return status;
      }
      Partial partial = own.get();
      partial.lock(LOCK_MILLIS);
      try {
        requireRoom(partial.status(), offset, announced);
        space.require(Math.max(announced, 0));
        append.to(partial);
        return partial.status();
      } finally {
        partial.unlock();
      }
    } finally {
      gate.leave();
    }
  }

  private static void requireRoom(UploadStatus status, long offset, long announced) {
    if (offset != status.offset()) {
      throw StoreException.wrongOffset(offset, status.offset());
    }
    if (announced > status.length() - offset) {
      throw new StoreException(
          StoreException.Kind.TOO_LARGE,
          announced
              + " bytes at offset "
              + offset
              + " go beyond the upload's length of "
              + status.length()
              + " bytes");
    }
  }

  /** Returns false where somebody else sealed it while we waited. */
  private boolean sealLocked(Partial partial, SegmentManifest manifest) throws IOException {
    try {
      partial.lock(SEAL_LOCK_MILLIS);
    } catch (StoreException e) {
      if (e.kind() == StoreException.Kind.NOT_FOUND) {
        return false;
      }
      throw e;
    }
    Optional<StoredSegment> fresh;
    try {
      requireWhole(partial, manifest);
      fresh = sealer.seal(partial, manifest);
    } finally {
      partial.unlock();
    }
    fresh.ifPresent(this::announce);
    return true;
  }

  private static void requireWhole(Partial partial, SegmentManifest manifest) {
    UploadStatus status = partial.status();
    Optional<SegmentId> segment = partial.info().segment();
    if (segment.isPresent() && !segment.get().equals(manifest.id())) {
      throw new StoreException(
          StoreException.Kind.INVALID,
          "the manifest is of " + manifest.id() + ", the upload of " + segment.get());
    }
    if (status.offset() < status.length()) {
      throw StoreException.incomplete(status.offset(), status.length());
    }
  }

  private void finishSeals() {
    for (Partial partial : incoming.sealing()) {
      partial.lock(SEAL_LOCK_MILLIS);
      try {
        sealer.resume(partial).ifPresent(this::announce);
      } catch (RuntimeException | IOException e) {
        log.error("the seal of upload {} was not finished: {}", partial.part(), e.getMessage(), e);
      } finally {
        partial.unlock();
      }
    }
  }

  private void announce(StoredSegment segment) {
    events.publish(new SegmentStored(segment));
    events.publish(new StorageChanged());
  }

  private Optional<Partial> own(String camera, String token) {
    return incoming.find(token).filter(p -> p.info().camera().equals(camera));
  }

  private StoredSegment verified(String camera, String token) {
    return index
        .findByUpload(token)
        .filter(s -> s.manifest().id().camera().equals(camera))
        .flatMap(s -> sealer.held(s.manifest().id()))
        .orElseThrow(
            () -> new StoreException(StoreException.Kind.NOT_FOUND, "there is no such upload"));
  }

  private static void requireOwn(String camera, SegmentId id) {
    if (!id.camera().equals(camera)) {
      throw new StoreException(
          StoreException.Kind.FORBIDDEN,
          "camera " + camera + " may not send segments of camera " + id.camera());
    }
  }

  /** Names and index have room for four digits of a year. */
  private static void requireSaneTime(SegmentManifest manifest) {
    if (manifest.start().isBefore(Instant.EPOCH) || manifest.end().isAfter(LAST_MOMENT)) {
      throw new StoreException(
          StoreException.Kind.INVALID,
          "the manifest's times are not within " + Instant.EPOCH + " to " + LAST_MOMENT);
    }
  }

  private static void requireSame(StoredSegment known, SegmentId id, boolean same) {
    if (!same) {
      throw new StoreException(
          StoreException.Kind.CONFLICT,
          known.manifest().id().equals(id)
              ? id + " is here with other bytes"
              : "this upload became " + known.manifest().id());
    }
  }

  private static Content content(StoredSegment segment) {
    return segment.manifest().content();
  }

  private String randomToken() {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
