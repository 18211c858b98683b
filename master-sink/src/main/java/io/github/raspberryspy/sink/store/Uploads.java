package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.sink.auth.MasterSecret;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.StoredSegment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads as a camera sees them: under way, or verified. Every method takes the camera's name and
 * sees only what is its own. Thread-safe.
 */
final class Uploads {

  private static final Logger log = LoggerFactory.getLogger(Uploads.class);
  private static final long LOCK_MILLIS = 500;
  private static final long SEAL_LOCK_MILLIS = 60_000;

  /**
   * Room that an upload needs to begin; each chunk asks for its own, so that claims delete nothing.
   */
  private static final long FIRST_BYTES = 1 << 20;

  private final MasterSecret secret;
  private final SegmentIndex index;
  private final DiskSpace space;
  private final Share share;
  private final Incoming incoming;
  private final Filming filming;
  private final FootageFiles files;
  private final Holdings holdings;
  private final Sealer sealer;
  private final Salvage salvage;
  private final SecureRandom random = new SecureRandom();

  /** One copy of what was salvaged at a time: it costs much, and who asks for it nothing. */
  private final ReentrantLock copying = new ReentrantLock();

  Uploads(
      SegmentStore.Parts parts,
      Incoming incoming,
      Filming filming,
      Holdings holdings,
      Sealer sealer,
      Salvage salvage) {
    this.secret = parts.secret();
    this.index = parts.index();
    this.space = parts.space();
    this.incoming = incoming;
    this.filming = filming;
    this.files = parts.files();
    this.holdings = holdings;
    this.sealer = sealer;
    this.salvage = salvage;
    this.share = new Share(incoming, space, salvage::endOne);
  }

  /** Puts bytes at the end of a partial upload. */
  @FunctionalInterface
  interface Append {
    void to(Partial partial, Room room) throws IOException;
  }

  /** Room for bytes that come. */
  @FunctionalInterface
  interface Room {
    /** Refuses so many bytes more where they do not fit. */
    void require(long bytes) throws IOException;
  }

  UploadStatus create(String camera, OptionalLong length) throws IOException {
    byte[] token = new byte[32];
    random.nextBytes(token);
    space.require(Math.min(length.orElse(FIRST_BYTES), FIRST_BYTES));
    return begin(
            Base64.getUrlEncoder().withoutPadding().encodeToString(token),
            new UploadInfo(camera, length, Optional.empty()))
        .status();
  }

  /** Where a camera has too many, the one that rested longest ends for the one that is begun. */
  private Partial begin(String token, UploadInfo info) throws IOException {
    if (incoming.find(token).isEmpty()) {
      salvage.endOne(incoming.crowd(info.camera()), 0);
    }
    return incoming.findOrCreate(token, info);
  }

  /** Begins the upload of a segment that still grows, or finds it. */
  UploadStatus createOpen(String camera, SegmentId id) throws IOException {
    UploadRules.requireOwn(camera, id);
    filming.growing(id);
    Optional<StoredSegment> held = holdings.sound(id);
    if (held.isPresent() && !held.get().isSalvaged()) {
      return complete(secret.uploadToken(id), held.get());
    }
    return beginOpen(camera, id, held);
  }

  /** One more upload of a segment that is here. */
  private UploadStatus complete(String token, StoredSegment held) throws IOException {
    index.linkUpload(token, held.manifest().id());
    forget(token);
    return UploadStatus.complete(token, held.manifest().content().bytes());
  }

  private UploadStatus beginOpen(String camera, SegmentId id, Optional<StoredSegment> salvaged)
      throws IOException {
    String token = secret.uploadToken(id);
    space.require(FIRST_BYTES);
    Partial partial = begin(token, new UploadInfo(camera, OptionalLong.empty(), Optional.of(id)));
    if (salvaged.isPresent()) {
      goOnFrom(salvaged.get(), partial);
    }
    return partial.status();
  }

  /**
   * Copies what was salvaged into a new upload, so that a camera that was away for a while has only
   * the rest to send. Where there is no room for a copy, it sends the whole.
   */
  private void goOnFrom(StoredSegment salvaged, Partial partial) throws IOException {
    partial.lock(LOCK_MILLIS);
    try {
      long bytes = salvaged.manifest().content().bytes();
      if (partial.status().offset() == 0
          && space.has(bytes)
          && share.has(salvaged.manifest().id().camera(), bytes)) {
        copy(salvaged, partial);
      }
    } catch (NoSuchFileException e) {
      log.debug("{} is gone: its camera sends it whole", salvaged.path(), e);
    } finally {
      partial.unlock();
    }
  }

  private void copy(StoredSegment salvaged, Partial partial) throws IOException {
    if (!copying.tryLock()) {
      throw new StoreException(
          StoreException.Kind.BUSY, "the master prepares another upload; ask again");
    }
    try {
      long bytes = salvaged.manifest().content().bytes();
      try (InputStream in = files.open(salvaged.path(), 0, bytes)) {
        partial.copy(in, bytes);
      }
    } finally {
      copying.unlock();
    }
  }

  UploadStatus create(String camera, UploadClaim claim) throws IOException {
    SegmentId id = claim.id();
    long length = claim.content().bytes();
    UploadRules.requireOwn(camera, id);
    filming.sealed(id);
    String token = secret.uploadToken(id, claim.content());
    Optional<StoredSegment> whole = index.find(id).filter(row -> !row.isSalvaged());
    if (whole.isPresent()) {
      UploadRules.requireSame(whole.get(), id, claim.content());
    }
    Optional<StoredSegment> held = holdings.sound(id);
    if (held.isPresent() && !held.get().isSalvaged()) {
      return complete(token, held.get());
    }
    if (own(camera, token).isEmpty()) {
      if (held.isPresent() && held.get().manifest().content().bytes() <= length) {
        beginOpen(camera, id, held);
      }
      Optional<UploadStatus> begun = begunOpen(camera, claim);
      if (begun.isPresent()) {
        return begun.get();
      }
    }
    space.require(Math.min(length, FIRST_BYTES));
    return begin(token, new UploadInfo(camera, OptionalLong.of(length), Optional.of(id))).status();
  }

  /**
   * What was sent of the segment while it grew: its upload goes on as this one, unless it is longer
   * than the segment came to be, or was to become another length.
   */
  private Optional<UploadStatus> begunOpen(String camera, UploadClaim claim) throws IOException {
    Optional<Partial> open = own(camera, secret.uploadToken(claim.id()));
    if (open.isEmpty()) {
      return Optional.empty();
    }
    Partial partial = open.get();
    long length = claim.content().bytes();
    partial.lock(LOCK_MILLIS);
    try {
      if (partial.status().offset() > length || partial.info().length().orElse(length) != length) {
        return Optional.empty();
      }
      declare(partial, length);
      return Optional.of(partial.status());
    } finally {
      partial.unlock();
    }
  }

  private static void declare(Partial partial, long length) throws IOException {
    OptionalLong known = partial.info().length();
    if (known.isPresent() && known.getAsLong() != length) {
      throw new StoreException(
          StoreException.Kind.INVALID,
          "the upload's length is " + known.getAsLong() + ", and cannot become " + length);
    }
    if (length < partial.status().offset()) {
      throw new StoreException(
          StoreException.Kind.INVALID,
          "the upload has "
              + partial.status().offset()
              + " bytes already, so its length cannot be "
              + length);
    }
    if (known.isEmpty()) {
      partial.declare(length);
    }
  }

  UploadStatus status(String camera, String token) {
    Optional<Partial> partial = own(camera, token);
    if (partial.isPresent()) {
      return partial.get().status();
    }
    long bytes = verified(camera, token).manifest().content().bytes();
    return UploadStatus.complete(token, bytes);
  }

  /** Notes how long an upload is that was begun without a length. */
  void declare(String camera, String token, long length) throws IOException {
    Optional<Partial> own = own(camera, token);
    if (own.isEmpty()) {
      verified(camera, token);
      return;
    }
    own.get().lock(LOCK_MILLIS);
    try {
      declare(own.get(), length);
    } finally {
      own.get().unlock();
    }
  }

  UploadStatus append(String camera, String token, long offset, long announced, Append append)
      throws IOException {
    Optional<Partial> own = own(camera, token);
    if (own.isEmpty()) {
      UploadStatus status = status(camera, token);
      UploadRules.requireRoom(status, offset, announced);
      return status;
    }
    Partial partial = own.get();
    long first = Math.min(Math.max(announced, 0), FIRST_BYTES); // the rest is only words
    share.makeRoom(camera, first);
    partial.lock(LOCK_MILLIS);
    try {
      UploadRules.requireRoom(partial.status(), offset, announced);
      share.require(camera, first);
      space.require(Math.max(announced, 0));
      append.to(partial, bytes -> requireRoom(camera, bytes));
      return partial.status();
    } finally {
      partial.unlock();
    }
  }

  /** What is beyond a camera's share is refused before retention is told that room is short. */
  private void requireRoom(String camera, long bytes) throws IOException {
    share.require(camera, bytes);
    space.require(bytes);
  }

  void drop(String camera, String token) throws IOException {
    Optional<Partial> partial = own(camera, token);
    if (partial.isEmpty()) {
      verified(camera, token);
      throw new StoreException(
          StoreException.Kind.FORBIDDEN, "a verified segment is not the camera's to drop");
    }
    partial.get().lock(LOCK_MILLIS);
    try {
      end(partial.get());
    } finally {
      partial.get().unlock();
    }
  }

  /** What a camera was told is on disk is not just dropped. */
  private void end(Partial partial) throws IOException {
    if (partial.durable() > 0) {
      salvage.end(partial);
    } else {
      incoming.discard(partial);
    }
  }

  /** Returns when the segment is the master's; with it, if this call made it so. */
  Optional<StoredSegment> seal(String camera, String token, SegmentManifest manifest)
      throws IOException {
    UploadRules.requireOwn(camera, manifest.id());
    UploadRules.requireSaneTime(manifest);
    if (manifest.closed() == CloseReason.SALVAGED) {
      throw new StoreException(
          StoreException.Kind.INVALID, "closed is salvaged, which only the master says");
    }
    Optional<Partial> partial = own(camera, token);
    if (partial.isPresent()) {
      UploadRules.requireWhole(partial.get(), manifest);
      salvageOther(partial.get(), manifest.id());
    }
    if (partial.isPresent() && lockToSeal(partial.get())) {
      try {
        UploadRules.requireWhole(partial.get(), manifest);
        return sealer.seal(partial.get(), manifest);
      } catch (StoreException e) {
        if (e.kind() == StoreException.Kind.CORRUPT) {
          beginAnew(camera, manifest);
        }
        throw e;
      } finally {
        partial.get().unlock();
      }
    }
    StoredSegment known = verified(camera, token);
    UploadRules.requireSame(known, manifest.id(), manifest.content());
    holdings.requireIntact(known);
    return Optional.empty();
  }

  /** Nothing that was salvaged is the beginning of these bytes: they are to come whole. */
  private void beginAnew(String camera, SegmentManifest manifest) throws IOException {
    if (holdings.sound(manifest.id()).filter(StoredSegment::isSalvaged).isPresent()) {
      begin(
          secret.uploadToken(manifest.id(), manifest.content()),
          new UploadInfo(
              camera, OptionalLong.of(manifest.content().bytes()), Optional.of(manifest.id())));
    }
  }

  /**
   * What was sent of a segment while it grew is salvaged before another upload becomes that
   * segment, so that it has to be the beginning of it.
   */
  private void salvageOther(Partial partial, SegmentId id) throws IOException {
    Optional<Partial> open = own(id.camera(), secret.uploadToken(id)).filter(p -> p != partial);
    if (open.isPresent() && lockToSeal(open.get())) {
      try {
        salvage.run(open.get());
      } finally {
        open.get().unlock();
      }
    }
  }

  /**
   * Drops uploads that became segments: after a power cut some of their files may be there again.
   */
  void forgetVerified() throws IOException {
    for (Partial partial : incoming.all()) {
      if (index.findByUpload(partial.token()).filter(this::isWhole).isPresent()) {
        forget(partial.token());
      }
    }
  }

  private boolean isWhole(StoredSegment segment) {
    return !segment.isSalvaged() && holdings.isSound(segment);
  }

  private void forget(String token) throws IOException {
    Optional<Partial> left = incoming.find(token);
    if (left.isPresent() && lockToSeal(left.get())) {
      try {
        end(left.get());
      } finally {
        left.get().unlock();
      }
    }
  }

  /** Finishes a seal of an earlier process. */
  Optional<StoredSegment> resume(Partial partial) throws IOException {
    partial.lock(SEAL_LOCK_MILLIS);
    try {
      return sealer.resume(partial);
    } finally {
      partial.unlock();
    }
  }

  /** Returns false where somebody else sealed it while we waited. */
  private static boolean lockToSeal(Partial partial) {
    try {
      partial.lock(SEAL_LOCK_MILLIS);
      return true;
    } catch (StoreException e) {
      if (e.kind() == StoreException.Kind.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private Optional<Partial> own(String camera, String token) {
    return incoming.find(token).filter(p -> p.info().camera().equals(camera));
  }

  private StoredSegment verified(String camera, String token) {
    return index
        .findByUpload(token)
        .filter(s -> s.manifest().id().camera().equals(camera))
        .filter(this::isWhole) // else the camera has more of it, and has to send it whole
        .orElseThrow(
            () -> new StoreException(StoreException.Kind.NOT_FOUND, "there is no such upload"));
  }
}
