package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DamagedVideoException;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.StoredSegment;
import io.github.raspberryspy.sink.store.Holdings.Bytes;
import io.github.raspberryspy.sink.store.Holdings.Known;
import io.github.raspberryspy.sink.store.Holdings.Match;
import io.github.raspberryspy.sink.store.SegmentStore.Parts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns an upload into a segment, in the order of {@link SealStep}. The caller holds the upload's
 * lock. Every step may be the last one of the process: {@link #resume} finishes from there.
 */
final class Sealer {

  /*
   * Why this order is enough. Up to INTENT_WRITTEN the upload is a partial like any other, and the
   * camera asks again. From then on resume() does all of it once more: it hashes again, because the
   * bytes may not have been synced, and finds the video either still under the upload's token or
   * already under its final name (never both, a rename is atomic). Where the row is committed, only
   * the remains are cleaned away. The receipt is made after INDEXED and can be asked for again.
   */
  private static final Logger log = LoggerFactory.getLogger(Sealer.class);

  private final FootageFiles files;
  private final SegmentIndex index;
  private final Incoming incoming;
  private final Quarantine quarantine;
  private final Holdings holdings;
  private final Places places;
  private final SegmentLocks locks;
  private final Clock clock;
  private final SealStep.Probe probe;

  Sealer(
      Parts parts, Incoming incoming, Holdings holdings, SegmentLocks locks, SealStep.Probe probe) {
    this.files = parts.files();
    this.index = parts.index();
    this.incoming = incoming;
    this.holdings = holdings;
    this.places = new Places(files, index);
    this.quarantine = new Quarantine(parts.files(), parts.space());
    this.locks = locks;
    this.clock = parts.clock();
    this.probe = probe;
  }

  /**
   * Seals; empty where the segment was here already, with these bytes. A seal that failed half-way,
   * in this process or an earlier one, goes on where it failed. Where nobody can tell what moved,
   * that counts which the camera said as it happened.
   */
  Optional<StoredSegment> seal(Partial upload, SegmentManifest said) throws IOException {
    SegmentManifest manifest = index.cameras().motion().completed(said);
    if (!Files.exists(upload.part()) && Files.exists(upload.intent())) {
      return commit(upload, manifest);
    }
    upload.trim();
    Content held = DurableFiles.hash(upload.part());
    if (!held.equals(manifest.content())) {
      drop(upload, manifest, held);
      throw new StoreException(
          StoreException.Kind.CORRUPT,
          "the master read "
              + held.bytes()
              + " bytes with another size or hash than the manifest's; send them again");
    }
    refuseUnplayable(upload, manifest);
    probe.after(SealStep.VERIFIED);
    DurableFiles.write(upload.intent(), ManifestCodec.encode(manifest));
    probe.after(SealStep.INTENT_WRITTEN);
    sync(upload);
    probe.after(SealStep.SYNCED);
    return commit(upload, manifest);
  }

  /** Nobody else may have what a camera was told is on disk: it is kept, for a person. */
  private void drop(Partial upload, SegmentManifest manifest, Content held) throws IOException {
    if (upload.durable() > 0) {
      String reason =
          "the upload that began while it was filmed became other bytes than its seal's";
      quarantine.keep(upload.part(), manifest, held, reason);
    }
    incoming.discard(upload);
  }

  /** Finishes a seal that a crash interrupted. */
  Optional<StoredSegment> resume(Partial upload) throws IOException {
    SegmentManifest manifest = ManifestCodec.read(upload.intent());
    log.info("finishing the seal of {}", manifest.id());
    return seal(upload, manifest);
  }

  /*
   * One rule says what becomes of bytes whose segment is here already, listed or in the trash: what
   * is longer takes the place of what was salvaged if it begins with it; the same bytes take the
   * place of the same bytes, under the same name; and whatever else comes is kept beside what is
   * here, in quarantine, for a person.
   */
  private Optional<StoredSegment> commit(Partial upload, SegmentManifest manifest)
      throws IOException {
    Optional<String> placed =
        Files.exists(upload.part()) ? Optional.empty() : places.placed(manifest);
    Bytes bytes =
        () ->
            placed.isPresent()
                ? files.open(placed.get(), 0, manifest.content().bytes())
                : Files.newInputStream(upload.part());
    Match match = holdings.match(bytes, manifest);
    SegmentLocks.Held lock = locks.take(manifest.id());
    try {
      if (!match.known().equals(holdings.known(manifest.id()))) {
        match = holdings.match(bytes, manifest); // somebody was faster
      }
      if (match.known().isEmpty()) {
        return Optional.of(publish(upload, manifest, Optional.empty()));
      }
      Known known = match.known().get();
      boolean isWhole = manifest.closed() != CloseReason.SALVAGED;
      boolean isEqual = manifest.content().equals(known.content());
      boolean isLonger = manifest.content().bytes() > known.content().bytes();
      if (match.agrees() && known.row().isSalvaged() && (isLonger || (isEqual && isWhole))) {
        return Optional.of(publish(upload, manifest, Optional.of(holdings.bringBack(known))));
      }
      if (match.agrees() && isEqual) {
        return renew(upload, manifest, known);
      }
      if (match.agrees() && !isLonger) {
        incoming.discard(upload); // as much of it, or the whole, is here
        return Optional.empty();
      }
      throw refuse(upload, manifest, placed);
    } finally {
      lock.release();
    }
  }

  /** The same bytes, verified a moment ago, in place of those that may have changed since. */
  private Optional<StoredSegment> renew(Partial upload, SegmentManifest manifest, Known known)
      throws IOException {
    if (!Files.exists(upload.part()) && !holdings.isIntact(known.row())) {
      throw lost(upload, manifest);
    }
    String video = known.row().path();
    if (Files.exists(upload.part())) {
      files.place(upload.part(), video, manifest.content());
    }
    probe.after(SealStep.VIDEO_PLACED);
    String beside = FootageKeys.manifest(video);
    if (!files.exists(beside)) {
      files.write(beside, ManifestCodec.encode(known.row().manifest()));
    }
    probe.after(SealStep.MANIFEST_PLACED);
    StoredSegment row = holdings.bringBack(known);
    if (row.damage().isPresent()) {
      log.info("{} came anew: it is whole again", manifest.id());
      index.damage().clear(manifest.id());
    }
    index.linkUpload(upload.token(), manifest.id());
    probe.after(SealStep.INDEXED);
    incoming.discard(upload);
    probe.after(SealStep.CLEANED);
    return known.isTrashed() ? Optional.of(row) : Optional.empty();
  }

  private StoreException refuse(Partial upload, SegmentManifest manifest, Optional<String> placed)
      throws IOException {
    if (!Files.exists(upload.part())) {
      if (placed.isEmpty()) {
        throw lost(upload, manifest);
      }
      takeBack(upload, manifest, placed.get());
    }
    String reason = manifest.id() + " is here with other bytes";
    boolean isKept = quarantine.keep(upload.part(), manifest, reason);
    incoming.discard(upload);
    return new StoreException(
        StoreException.Kind.CONFLICT, reason + (isKept ? "; both are kept, for a person" : ""));
  }

  /** What an interrupted seal has placed, and may not stay there. */
  private void takeBack(Partial upload, SegmentManifest manifest, String placed)
      throws IOException {
    try (InputStream in = files.open(placed, 0, manifest.content().bytes())) {
      upload.copy(in, manifest.content().bytes());
    }
    files.delete(List.of(placed));
  }

  private StoreException lost(Partial upload, SegmentManifest manifest) throws IOException {
    incoming.discard(upload);
    return new StoreException(
        StoreException.Kind.IO, "the bytes of " + manifest.id() + " are gone; send them again");
  }

  /**
   * From the verified upload to the row. What was salvaged of the segment before becomes garbage in
   * the same step; if somebody saved it, that is marked at the new place before.
   */
  private StoredSegment publish(
      Partial upload, SegmentManifest manifest, Optional<StoredSegment> salvaged)
      throws IOException {
    String video = place(upload, manifest);
    probe.after(SealStep.VIDEO_PLACED);
    if (salvaged.isPresent() && isSaved(salvaged.get())) {
      SavedMark.write(files, video, salvaged.get().note());
    }
    if (files.exists(FootageKeys.trashMark(video))) {
      files.delete(List.of(FootageKeys.trashMark(video))); // of what had this name before
    }
    files.write(FootageKeys.manifest(video), ManifestCodec.encode(manifest));
    probe.after(SealStep.MANIFEST_PLACED);
    Optional<String> saved = SavedMark.read(files, video);
    StoredSegment segment =
        new StoredSegment(manifest, clock.instant(), saved.isPresent(), video)
            .noted(saved.orElse(""));
    if (salvaged.isPresent()) {
      index.replace(salvaged.get(), segment, upload.token());
    } else {
      index.add(segment, upload.token());
    }
    probe.after(SealStep.INDEXED);
    incoming.discard(upload);
    probe.after(SealStep.CLEANED);
    return segment;
  }

  private boolean isSaved(StoredSegment row) throws IOException {
    return row.saved() || files.exists(FootageKeys.savedMark(row.path()));
  }

  /** Gives the video its final name, or the one that an interrupted seal has given it. */
  private String place(Partial upload, SegmentManifest manifest) throws IOException {
    Optional<String> placed = places.placed(manifest);
    if (!Files.exists(upload.part())) {
      if (placed.isEmpty()) {
        throw lost(upload, manifest);
      }
      return placed.get();
    }
    String video = placed.isPresent() ? placed.get() : places.free(manifest);
    files.place(upload.part(), video, manifest.content());
    return video;
  }

  private void refuseUnplayable(Partial upload, SegmentManifest manifest) throws IOException {
    Optional<String> fault = fault(upload.part());
    if (fault.isPresent()) {
      boolean isKept = quarantine.keep(upload.part(), manifest, fault.get());
      incoming.discard(upload);
      throw new StoreException(
          StoreException.Kind.UNPLAYABLE,
          manifest.id()
              + " is no segment that plays"
              + (isKept ? ", and is in quarantine: " : ": ")
              + fault.get());
    }
  }

  /** Only what the file itself says counts against it: a disk that fails is asked again. */
  private static Optional<String> fault(Path file) throws IOException {
    try {
      FragmentedMp4 mp4 = FragmentedMp4.scan(file);
      if (!mp4.isWhole()) {
        return Optional.of(
            "its last whole fragment ends at byte " + mp4.wholeBytes() + " of " + mp4.fileBytes());
      }
      return mp4.startsWithKeyframe()
          ? Optional.empty()
          : Optional.of("it does not start with a keyframe");
    } catch (DamagedVideoException e) {
      String name = file.toString();
      return Optional.of(String.valueOf(e.getMessage()).replace(name, "it"));
    }
  }

  /**
   * A failed fsync may have thrown the bytes away: they are not trusted again, but sent again; all
   * but those that were on disk before.
   */
  private void sync(Partial upload) throws IOException {
    try {
      DurableFiles.sync(upload.part());
    } catch (IOException e) {
      try {
        if (upload.durable() == 0) {
          incoming.discard(upload);
        } else {
          DurableFiles.delete(upload.intent());
          upload.cut(upload.durable());
        }
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw new StoreException(
          StoreException.Kind.IO, "the master's disk did not take the bytes; send them again", e);
    }
  }
}
