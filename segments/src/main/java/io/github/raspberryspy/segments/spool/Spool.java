package io.github.raspberryspy.segments.spool;

import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import java.io.Closeable;
import java.io.IOException;
import java.io.StringReader;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One camera's folder of segments: {@code ROOT/CAMERA/DAY/NAME.ending}.
 *
 * <p>The recorder seals into it and the uploader takes out of it, from different threads; each step
 * is one rename or one unlink, so no lock is needed between them. The state file is the recorder's.
 * Thread-safe.
 */
public final class Spool {

  private static final Logger log = LoggerFactory.getLogger(Spool.class);
  private static final String STATE = "camera.properties";
  private static final String QUARANTINE = "quarantine";

  private final Path folder;
  private final String camera;

  private Spool(Path folder, String camera) {
    this.folder = folder;
    this.camera = camera;
  }

  /**
   * Opens the spool of a camera, and creates it where it is not there yet.
   *
   * @throws IOException if it cannot be created or written: the message names the folder
   */
  public static Spool open(Path root, String camera) throws IOException {
    Path folder = root.resolve(SegmentId.requireCameraName(camera));
    try {
      DurableFiles.createDirectories(folder);
    } catch (FileAlreadyExistsException | NotDirectoryException e) {
      throw new IOException("spool " + folder + " is not a folder", e);
    } catch (IOException e) {
      throw new IOException("spool " + folder + " cannot be created: " + e.getMessage(), e);
    }
    Spool spool = new Spool(folder, camera);
    if (!Files.exists(spool.stateFile())) {
      byte[] key = new byte[4];
      new SecureRandom().nextBytes(key);
      spool.save(new SpoolState(HexFormat.of().formatHex(key), 0, Optional.empty()));
    } else if (!Files.isWritable(folder)) {
      throw new IOException("spool " + folder + " is not writable");
    }
    return spool;
  }

  /**
   * Takes the spool for one recorder: two that write into the same one would count the same run.
   *
   * @return to be closed when the recording has ended
   * @throws IOException if somebody records into it already
   */
  public Closeable lockForRecording() throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve("recording.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      log.debug("{} is recorded into by this very process", folder, e);
    }
    channel.close();
    throw new IOException("spool " + folder + " is in use: another camera records into it");
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
    Properties p = new Properties();
    p.load(new StringReader(Files.readString(stateFile(), StandardCharsets.UTF_8)));
    try {
      String until = p.getProperty("recordedUntil");
      return new SpoolState(
          p.getProperty("key", ""),
          Long.parseLong(p.getProperty("run", "")),
          Optional.ofNullable(until).map(Instant::parse));
    } catch (RuntimeException e) {
      throw new IOException(stateFile() + " is damaged: " + e.getMessage(), e);
    }
  }

  /** Counts a new run, durably, before its first frame is recorded. Returns the state with it. */
  public SpoolState beginRun() throws IOException {
    SpoolState old = state();
    SpoolState begun = new SpoolState(old.key(), old.run() + 1, old.recordedUntil());
    save(begun);
    return begun;
  }

  /**
   * Publishes a finished part: rename of the video, then the manifest, whose existence is the
   * commit. The part's data must be durable already.
   */
  public SealedSegment seal(SegmentFiles files, SegmentManifest manifest) throws IOException {
    DurableFiles.rename(files.part(), files.video());
    return commit(files, manifest);
  }

  /** Writes the manifest of a video that already has its final name. */
  public SealedSegment commit(SegmentFiles files, SegmentManifest manifest) throws IOException {
    DurableFiles.write(files.manifest(), ManifestCodec.encode(manifest));
    SpoolState old = state();
    save(new SpoolState(old.key(), old.run(), Optional.of(manifest.end())));
    return new SealedSegment(manifest, files);
  }

  /**
   * All sealed segments without a receipt, oldest first. A manifest that cannot be read is put into
   * quarantine with its video; one that vanishes meanwhile is passed over.
   */
  public List<SealedSegment> sealed() throws IOException {
    List<SealedSegment> sealed = new ArrayList<>();
    for (SegmentFiles files : list(SegmentName.MANIFEST)) {
      try {
        if (!Files.exists(files.receipt())) {
          sealed.add(new SealedSegment(ManifestCodec.read(files.manifest()), files));
        }
      } catch (ManifestException e) {
        quarantine(files, e.getMessage());
      } catch (NoSuchFileException e) {
        log.debug("{} was reclaimed meanwhile", files.manifest());
      }
    }
    sealed.sort((a, b) -> a.manifest().id().compareTo(b.manifest().id()));
    return sealed;
  }

  /**
   * Keeps the master's receipt durably, then deletes video, manifest and receipt, in this order.
   * The caller has checked that the receipt speaks of these bytes and that its MAC is right.
   */
  public void reclaim(SegmentFiles files, byte[] receipt) throws IOException {
    DurableFiles.write(files.receipt(), receipt);
    finishReclaim(files);
  }

  /** Finishes every reclaim that a crash interrupted: what has a receipt goes. */
  public void finishReclaims() throws IOException {
    for (SegmentFiles files : list(".ack")) {
      finishReclaim(files);
    }
  }

  /** The files with this ending in the folders of days, oldest name first. */
  public List<SegmentFiles> list(String ending) throws IOException {
    List<SegmentFiles> found = new ArrayList<>();
    try (Stream<Path> days = Files.list(folder)) {
      for (Path day : days.filter(Files::isDirectory).sorted().toList()) {
        if (!day.endsWith(QUARANTINE)) {
          listDay(day, ending, found);
        }
      }
    }
    return found;
  }

  /** Moves whatever files a segment has out of the way, with the reason beside them. */
  public void quarantine(SegmentFiles files, String reason) throws IOException {
    Path to = folder.resolve(QUARANTINE);
    DurableFiles.createDirectories(to);
    log.warn("{} goes into quarantine: {}", files.video(), reason);
    for (Path file : List.of(files.part(), files.video(), files.manifest(), files.receipt())) {
      if (Files.exists(file)) {
        Files.move(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    DurableFiles.write(
        to.resolve(files.name() + ".reason"), reason.getBytes(StandardCharsets.UTF_8));
    DurableFiles.syncDirectory(files.folder());
  }

  private static void listDay(Path day, String ending, List<SegmentFiles> into) throws IOException {
    try (Stream<Path> files = Files.list(day)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(ending)) {
          try {
            into.add(
                new SegmentFiles(
                    day, SegmentName.parse(name.substring(0, name.length() - ending.length()))));
          } catch (IllegalArgumentException e) {
            log.debug("{} is not ours: {}", file, e.getMessage());
          }
        }
      }
    } catch (NoSuchFileException e) {
      log.debug("{} became empty and was removed meanwhile", day);
    }
  }

  private void finishReclaim(SegmentFiles files) throws IOException {
    Files.deleteIfExists(files.video());
    Files.deleteIfExists(files.manifest());
    DurableFiles.syncDirectory(files.folder());
    DurableFiles.delete(files.receipt());
  }

  private Path stateFile() {
    return folder.resolve(STATE);
  }

  private void save(SpoolState state) throws IOException {
    StringBuilder text =
        new StringBuilder("# What this camera remembers; written by the recorder\n");
    text.append("key=").append(state.key()).append('\n');
    text.append("run=").append(state.run()).append('\n');
    state.recordedUntil().ifPresent(t -> text.append("recordedUntil=").append(t).append('\n'));
    DurableFiles.write(stateFile(), text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
