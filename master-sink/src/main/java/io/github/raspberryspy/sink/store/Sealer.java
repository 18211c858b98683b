package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DamagedVideoException;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.StoredSegment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
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

  private final FootageFolder folder;
  private final SegmentIndex index;
  private final Incoming incoming;
  private final Quarantine quarantine;
  private final CameraLocks locks;
  private final Clock clock;
  private final SealStep.Probe probe;

  Sealer(
      FootageFolder folder,
      SegmentIndex index,
      Incoming incoming,
      CameraLocks locks,
      Clock clock,
      SealStep.Probe probe) {
    this.folder = folder;
    this.index = index;
    this.incoming = incoming;
    this.quarantine = new Quarantine(folder.quarantine());
    this.locks = locks;
    this.clock = clock;
    this.probe = probe;
  }

  /**
   * Seals; empty where the segment was here already, with these bytes. A seal that failed half-way,
   * in this process or an earlier one, goes on where it failed.
   */
  Optional<StoredSegment> seal(Partial upload, SegmentManifest manifest) throws IOException {
    if (!Files.exists(upload.part()) && Files.exists(upload.intent())) {
      return commit(upload, manifest);
    }
    Content held = DurableFiles.hash(upload.part());
    if (!held.equals(manifest.content())) {
      incoming.discard(upload);
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

  /** Finishes a seal that a crash interrupted. */
  Optional<StoredSegment> resume(Partial upload) throws IOException {
    SegmentManifest manifest = ManifestCodec.read(upload.intent());
    log.info("finishing the seal of {}", manifest.id());
    return seal(upload, manifest);
  }

  /**
   * The segment of this id, if the index has it and its file lies there with the right size. A row
   * without its file would be a lie to the camera, and goes.
   */
  Optional<StoredSegment> held(SegmentId id) {
    Optional<StoredSegment> row = index.find(id);
    if (row.isPresent() && !lies(row.get())) {
      log.error("{} is in the index, but its file is missing or cut: the row goes", id);
      index.remove(id);
      return Optional.empty();
    }
    if (row.isPresent() && row.get().damage().isPresent()) {
      putAside(row.get()); // the camera that asks has a whole one
      return Optional.empty();
    }
    return row;
  }

  /** Where a segment's file lies. */
  Path video(StoredSegment row) {
    return folder.video(row.path());
  }

  /**
   * Reads a segment again before another receipt is given for it: it may have been damaged since
   * the first one, and the camera may hold the only good copy. A damaged one goes into quarantine.
   *
   * @throws StoreException NOT_FOUND if it is damaged: the camera sends it anew
   */
  void requireIntact(StoredSegment row) throws IOException {
    SegmentManifest manifest = row.manifest();
    Path video = video(row);
    if (DurableFiles.hash(video).equals(manifest.content())) {
      return;
    }
    log.error("{} is damaged on this disk", manifest.id());
    putAside(row);
    throw new StoreException(
        StoreException.Kind.NOT_FOUND, manifest.id() + " was damaged here: send it again");
  }

  private void putAside(StoredSegment row) {
    try {
      index.remove(row.manifest().id());
      quarantine.keep(
          video(row),
          row.manifest(),
          "its bytes changed on the master's disk after it was verified");
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Kind.IO, row.manifest().id() + " cannot be put aside", e);
    }
  }

  private Optional<StoredSegment> commit(Partial upload, SegmentManifest manifest)
      throws IOException {
    ReentrantLock lock = locks.take(manifest.id().camera());
    try {
      Optional<StoredSegment> known = held(manifest.id());
      if (known.isPresent() && !isBetter(manifest, known.get())) {
        known(upload, manifest, known.get());
        return Optional.empty();
      }
      Path video = place(upload, manifest);
      probe.after(SealStep.VIDEO_PLACED);
      return Optional.of(publish(upload, manifest, video, known));
    } finally {
      lock.unlock();
    }
  }

  /** Whether it takes the place of what was salvaged: the whole does, or more of it. */
  private static boolean isBetter(SegmentManifest manifest, StoredSegment known) {
    return known.isSalvaged()
        && (manifest.closed() != CloseReason.SALVAGED
            || manifest.content().bytes() > known.manifest().content().bytes());
  }

  /**
   * From the placed video to the row. What was salvaged of the segment before becomes garbage in
   * the same step; if somebody saved it, that is marked at the new place before.
   */
  private StoredSegment publish(
      Partial upload, SegmentManifest manifest, Path video, Optional<StoredSegment> salvaged)
      throws IOException {
    if (salvaged.isPresent() && isSaved(salvaged.get())) {
      DurableFiles.write(FootageFolder.savedMark(video), new byte[0]);
    }
    DurableFiles.write(FootageFolder.manifest(video), ManifestCodec.encode(manifest));
    probe.after(SealStep.MANIFEST_PLACED);
    StoredSegment segment =
        new StoredSegment(
            manifest,
            clock.instant(),
            Files.exists(FootageFolder.savedMark(video)),
            folder.relative(video));
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

  private boolean isSaved(StoredSegment row) {
    return row.saved() || Files.exists(FootageFolder.savedMark(video(row)));
  }

  private void known(Partial upload, SegmentManifest manifest, StoredSegment known)
      throws IOException {
    if (manifest.closed() == CloseReason.SALVAGED) {
      incoming.discard(upload); // as much of it, or the whole, is here
      return;
    }
    if (known.manifest().content().equals(manifest.content())) {
      index.linkUpload(upload.token(), manifest.id());
      incoming.discard(upload);
      return;
    }
    String reason = manifest.id() + " is here with other bytes; both are kept, for a person";
    quarantine.keep(upload.part(), manifest, reason);
    incoming.discard(upload);
    throw new StoreException(StoreException.Kind.CONFLICT, reason);
  }

  private void refuseUnplayable(Partial upload, SegmentManifest manifest) throws IOException {
    Optional<String> fault = fault(upload.part());
    if (fault.isPresent()) {
      quarantine.keep(upload.part(), manifest, fault.get());
      incoming.discard(upload);
      throw new StoreException(
          StoreException.Kind.UNPLAYABLE,
          manifest.id() + " is no segment that plays, and is in quarantine: " + fault.get());
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

  /** A failed fsync may have thrown the bytes away: they are not trusted again, but sent again. */
  private void sync(Partial upload) throws IOException {
    try {
      DurableFiles.sync(upload.part());
    } catch (IOException e) {
      incoming.discard(upload);
      throw new StoreException(
          StoreException.Kind.IO, "the master's disk did not take the bytes; send them again", e);
    }
  }

  private boolean lies(StoredSegment row) {
    try {
      return Files.size(video(row)) == row.manifest().content().bytes();
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Kind.IO, "the master cannot look at " + row.manifest().id(), e);
    }
  }

  /**
   * The name that the manifest gives; with the key behind it where another segment has that name.
   */
  private List<Path> places(SegmentManifest m) {
    Path day = folder.root().resolve(m.id().camera()).resolve(m.name().day());
    if (m.closed() == CloseReason.SALVAGED) { // out of the way of the whole
      String salvaged = "_" + m.id().key() + "_salvaged-" + m.content().bytes();
      return List.of(day.resolve(m.name() + salvaged + SegmentName.VIDEO));
    }
    return List.of(
        day.resolve(m.name() + SegmentName.VIDEO),
        day.resolve(m.name() + "_" + m.id().key() + SegmentName.VIDEO));
  }

  /** Gives the video its final name, unless an interrupted seal has done so. */
  private Path place(Partial upload, SegmentManifest manifest) throws IOException {
    for (Path video : places(manifest)) {
      if (isOurs(video, manifest)) {
        return video;
      }
    }
    if (!Files.exists(upload.part())) {
      incoming.discard(upload);
      throw new StoreException(
          StoreException.Kind.IO, "the bytes of " + manifest.id() + " are gone; send them again");
    }
    for (Path video : places(manifest)) {
      if (isFree(video, manifest)) {
        DurableFiles.createDirectories(video.getParent());
        DurableFiles.rename(upload.part(), video);
        return video;
      }
    }
    throw new StoreException(
        StoreException.Kind.CONFLICT, "both names that " + manifest.id() + " could have are taken");
  }

  private boolean isFree(Path video, SegmentManifest manifest) {
    return !Files.exists(video) && !isTaken(video, manifest);
  }

  /** Whether an interrupted seal has put these very bytes there. */
  private boolean isOurs(Path video, SegmentManifest manifest) throws IOException {
    return Files.exists(video)
        && !isTaken(video, manifest)
        && DurableFiles.hash(video).equals(manifest.content());
  }

  /** Whether the place belongs to another segment, or to a file that is about to be deleted. */
  private boolean isTaken(Path video, SegmentManifest manifest) {
    if (index.isGarbage(folder.relative(video))) {
      return true;
    }
    Path beside = FootageFolder.manifest(video);
    try {
      return Files.exists(beside) && !ManifestCodec.read(beside).id().equals(manifest.id());
    } catch (IOException e) {
      log.warn("{} cannot be read and is left alone: {}", beside, e.getMessage());
      return true;
    }
  }
}
