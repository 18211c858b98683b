package io.github.raspberryspy.segments.spool;

import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One camera's folder of segments: {@code ROOT/CAMERA/DAY/NAME.ending}.
 *
 * <p>The recorder seals into it and the uploader takes out of it, from different threads; each step
 * is one rename or one unlink, so no lock is needed between them. The state file is the recorder's.
 * What is not named like a segment, in a folder named like a day, is left alone. Thread-safe.
 */
public final class Spool {

  private static final Logger log = LoggerFactory.getLogger(Spool.class);

  /** Name of the file that remembers key, run, and how far was recorded. */
  public static final String STATE = "camera.properties";

  /** Name of the file that whoever records holds locked. */
  public static final String LOCK = "recording.lock";

  private static final String QUARANTINE = "quarantine";
  private static final String RECEIPT = ".ack";

  private final Path folder;
  private final String camera;
  private final StateFile state;
  private final DayFolders days;

  /** Files that were complained of already: once each is enough. */
  private final Set<Path> unreadable = ConcurrentHashMap.newKeySet();

  private Spool(Path folder, String camera) {
    this.folder = folder;
    this.camera = camera;
    this.state = new StateFile(folder.resolve(STATE));
    this.days = new DayFolders(folder);
  }

  /**
   * Opens the spool of a camera, and creates it where it is not there yet. A damaged state file is
   * set aside and the camera gets a new key.
   *
   * @throws IOException if it cannot be created or written: the message names the folder
   */
  public static Spool open(Path root, String camera) throws IOException {
    Spool spool = at(root, camera);
    spool.prepare();
    return spool;
  }

  /**
   * The spool of a camera as it lies there, or does not: nothing is touched. Whoever writes into it
   * calls {@link #prepare} before, again where that failed.
   */
  public static Spool at(Path root, String camera) {
    return new Spool(root.resolve(SegmentId.requireCameraName(camera)), camera);
  }

  /**
   * Makes it usable, as {@link #open} does.
   *
   * @throws UnusableSpoolException if a person must do something about it
   * @throws IOException if the disk fails
   */
  public void prepare() throws IOException {
    try {
      DurableFiles.createPrivateDirectory(folder.toAbsolutePath().getParent());
      DurableFiles.createDirectories(folder);
    } catch (FileAlreadyExistsException | NotDirectoryException e) {
      throw new UnusableSpoolException("spool " + folder + " is not a folder", e);
    } catch (NoSuchFileException e) {
      throw new UnusableSpoolException(
          "spool " + folder + " cannot be created: " + e.getFile() + " takes no folders", e);
    } catch (AccessDeniedException e) {
      throw new UnusableSpoolException(
          "spool " + folder + " cannot be created: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new IOException("spool " + folder + " cannot be created: " + e.getMessage(), e);
    }
    if (!Files.isWritable(folder)) {
      throw Files.getFileStore(folder).isReadOnly()
          ? new IOException("spool " + folder + " is not writable: its disk is read-only")
          : new UnusableSpoolException("spool " + folder + " is not writable");
    }
    try {
      state.prepare();
    } catch (IOException e) {
      throw new IOException("spool " + folder + " cannot be written: " + e.getMessage(), e);
    }
  }

  /**
   * Takes the spool for one recorder: two that write into the same one would count the same run.
   *
   * @return to be closed when the recording has ended
   * @throws UnusableSpoolException if somebody records into it already
   * @throws IOException if the disk fails
   */
  public Closeable lockForRecording() throws IOException {
    FileChannel channel;
    try {
      channel =
          FileChannel.open(
              folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new IOException("spool " + folder + " cannot be locked: " + e.getMessage(), e);
    }
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      log.debug("{} is recorded into by this very process", folder, e);
    }
    channel.close();
    throw new UnusableSpoolException(
        "spool " + folder + " is in use: another camera records into it");
  }

  /** The camera whose segments these are. */
  public String camera() {
    return camera;
  }

  /** The camera's folder. */
  public Path folder() {
    return folder;
  }

  /** Where the files of a segment lie. */
  public SegmentFiles files(SegmentName name) {
    return new SegmentFiles(folder.resolve(name.day()), name);
  }

  /** What is remembered from earlier. */
  public SpoolState state() throws IOException {
    return state.read();
  }

  /** Counts a new run, durably, before its first frame is recorded. Returns the state with it. */
  public SpoolState beginRun() throws IOException {
    synchronized (state) {
      SpoolState old = state.read();
      SpoolState begun =
          new SpoolState(old.key(), old.run() + 1, old.recordedUntil(), old.sealedLast());
      state.save(begun);
      return begun;
    }
  }

  /**
   * Notes durably that there is footage up to this moment, here or, verified, on the master; an
   * earlier one than the latest noted changes nothing.
   */
  public void noteRecorded(Instant until) throws IOException {
    synchronized (state) {
      note(until, state.read().sealedLast());
    }
  }

  private void note(Instant until, Optional<Instant> sealedLast) throws IOException {
    SpoolState old = state.read();
    Optional<Instant> latest = old.recordedUntil().filter(t -> !t.isBefore(until));
    SpoolState now =
        new SpoolState(old.key(), old.run(), latest.or(() -> Optional.of(until)), sealedLast);
    if (!now.equals(old)) {
      state.save(now);
    }
  }

  /**
   * Publishes a finished part: rename of the video, then the manifest, whose existence is the
   * commit. The part's data must be durable already. May be repeated after a failure.
   */
  public SealedSegment seal(SegmentFiles files, SegmentManifest manifest) throws IOException {
    if (Files.exists(files.part()) || !Files.exists(files.video())) {
      DurableFiles.rename(files.part(), files.video());
    }
    return commit(files, manifest);
  }

  /**
   * Writes the manifest of a video that already has its final name. From its return on the segment
   * is sealed; where only the note of how far was recorded fails, that is logged, no more.
   */
  public SealedSegment commit(SegmentFiles files, SegmentManifest manifest) throws IOException {
    try {
      synchronized (state) { // before: whoever dies between seals it at the next start
        note(manifest.end(), Optional.of(manifest.end()));
      }
    } catch (IOException e) {
      log.warn("{} does not note that it recorded until {}", folder, manifest.end(), e);
    }
    DurableFiles.write(files.manifest(), ManifestCodec.encode(manifest));
    return new SealedSegment(manifest, files);
  }

  /**
   * All sealed segments without a receipt, oldest first. A manifest that is damaged is put into
   * quarantine with its video; one that vanishes meanwhile or that the disk does not give is passed
   * over, so that one bad file holds up no other.
   */
  public List<SealedSegment> sealed() throws IOException {
    List<SealedSegment> sealed = new ArrayList<>();
    for (SegmentFiles files : list(SegmentName.MANIFEST)) {
      find(files).ifPresent(sealed::add);
    }
    sealed.sort((a, b) -> a.manifest().id().compareTo(b.manifest().id()));
    return sealed;
  }

  /**
   * The sealed segment of these files, read anew; empty where {@link #sealed} would pass it over.
   */
  public Optional<SealedSegment> find(SegmentFiles files) {
    try {
      return Files.exists(files.receipt())
          ? Optional.empty()
          : Optional.of(new SealedSegment(ManifestCodec.read(files.manifest()), files));
    } catch (ManifestException e) {
      quarantineOrComplain(files, e);
    } catch (NoSuchFileException e) {
      log.debug("{} was reclaimed meanwhile", files.manifest());
    } catch (IOException e) {
      complain(files, e);
    }
    return Optional.empty();
  }

  /**
   * Keeps the master's receipt durably, then deletes video, manifest and receipt, in this order.
   * The caller has checked that the receipt speaks of these bytes and that its MAC is right.
   */
  public void reclaim(SegmentFiles files, byte[] receipt) throws IOException {
    DurableFiles.write(files.receipt(), receipt);
    Reclaim.finish(files);
  }

  /**
   * Finishes every reclaim that was interrupted: what has a receipt of the same id, size and hash
   * goes. Another receipt goes into quarantine, and its segment waits for a right one.
   *
   * @throws IOException the first failure, after all were tried
   */
  public void finishReclaims() throws IOException {
    IOException first = null;
    for (SegmentFiles files : list(RECEIPT)) {
      try {
        if (Reclaim.isVouchedFor(files)) {
          Reclaim.finish(files);
        } else {
          log.warn("{} speaks of another segment: it goes into quarantine", files.receipt());
          moveToQuarantine(List.of(files.receipt()));
          DurableFiles.syncDirectory(files.folder());
        }
      } catch (IOException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /**
   * Removes the folders of days that hold nothing any more. Called before recording starts: a
   * recorder must find the folder that it has just created.
   */
  public void removeEmptyDays() throws IOException {
    for (Path day : days.folders()) {
      try {
        Files.delete(day);
      } catch (DirectoryNotEmptyException e) {
        log.trace("{} holds segments", day);
      }
    }
    DurableFiles.syncDirectory(folder);
  }

  /** The files with this ending in the folders of days, oldest name first. */
  public List<SegmentFiles> list(String ending) throws IOException {
    return days.list(ending);
  }

  /**
   * Moves whatever files a segment has out of the way, with the reason beside them. May be repeated
   * after a crash; the first reason stays.
   */
  public void quarantine(SegmentFiles files, String reason) throws IOException {
    log.warn("{} goes into quarantine: {}", files.video(), reason);
    Path why = folder.resolve(QUARANTINE).resolve(files.name() + ".reason");
    if (!Files.exists(why)) {
      DurableFiles.write(why, reason.getBytes(StandardCharsets.UTF_8));
    }
    // the manifest after the video: a video without a manifest would be sealed again as good
    moveToQuarantine(List.of(files.part(), files.video(), files.manifest(), files.receipt()));
    DurableFiles.syncDirectory(files.folder());
  }

  private void moveToQuarantine(List<Path> files) throws IOException {
    Path to = folder.resolve(QUARANTINE);
    DurableFiles.createDirectories(to);
    for (Path file : files) {
      if (Files.exists(file)) {
        Files.move(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    DurableFiles.syncDirectory(to);
  }

  private void quarantineOrComplain(SegmentFiles files, ManifestException why) {
    try {
      quarantine(files, why.getMessage());
    } catch (IOException e) {
      e.addSuppressed(why);
      complain(files, e);
    }
  }

  private void complain(SegmentFiles files, IOException e) {
    if (unreadable.add(files.manifest())) {
      log.warn("{} cannot be read; it stays where it is", files.manifest(), e);
    }
  }
}
