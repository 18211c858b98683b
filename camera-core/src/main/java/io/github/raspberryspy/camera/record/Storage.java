package io.github.raspberryspy.camera.record;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.Counters;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.spool.Losses;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.segments.spool.SpoolState;
import io.github.raspberryspy.segments.spool.UnusableSpoolException;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a camera's segments go: its disk, or, while that fails or is to be spared, memory. It is
 * asked at the start of each segment, hears of each failure, and looks after both places on a
 * thread of its own, {@code card-CAMERA}: {@link CardGuard}.
 *
 * <p>Thread-safe.
 */
public final class Storage implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Storage.class);

  private final Card card;
  private final Optional<Spool> ram;
  private final StorageConfig config;
  private final Counters counters;
  private final LongSupplier nanoTime;
  private final WriteRate rate;
  private final CardGuard guard;
  private Closeable ramLock = () -> {}; // set before anybody else has it
  private volatile LongConsumer cut =
      leastBytes -> {}; // set by each run's recorder, called by the guard

  @GuardedBy("this")
  private final List<Gap> bad = new ArrayList<>();

  /** Over a spool that was recovered. */
  Storage(
      Spool card,
      StorageConfig config,
      Consumer<String> alerts,
      Counters counters,
      LongSupplier nanoTime)
      throws IOException {
    this(Card.ready(card, alerts), ram(card, config), config, alerts, counters, nanoTime);
  }

  private Storage(
      Card card,
      Optional<Spool> ram,
      StorageConfig config,
      Consumer<String> alerts,
      Counters counters,
      LongSupplier nanoTime) {
    this.card = card;
    this.config = config;
    this.counters = counters;
    this.nanoTime = nanoTime;
    this.rate = new WriteRate(nanoTime.getAsLong());
    this.ram = ram;
    this.guard = new CardGuard(this, card, config, alerts, nanoTime);
  }

  /**
   * Opens, locks and recovers the spool of a camera. Where its disk is read-only, absent or broken,
   * and there is a folder in memory, the recording begins there, and goes on to the disk once that
   * works.
   *
   * @param root the spool's root folder
   * @param config what happens when the disk is full or fails
   * @param alerts hears one sentence of each trouble; called on this thread, on {@code card-CAMERA}
   *     and {@code record-CAMERA}
   * @throws IOException in one sentence, if nothing can be recorded
   */
  public static Storage open(
      Path root, String camera, StorageConfig config, Consumer<String> alerts, Counters counters)
      throws IOException {
    Spool spool = Spool.at(root, camera);
    Card card = new Card(spool, alerts);
    Optional<Spool> ram = Optional.empty();
    Closeable ramLock = () -> {};
    IOException refusal = null;
    try {
      card.prepare();
    } catch (UnusableSpoolException e) {
      throw e;
    } catch (IOException e) {
      refusal = e;
    }
    try {
      if (config.ram().isPresent()) {
        // The disk's lock is no help where the disk is absent: another's part must not be finished.
        OwnFolder.claim(ramRoot(spool, config));
        ramLock = Spool.open(ramRoot(spool, config), camera).lockForRecording();
        ram = ram(spool, config);
      }
    } catch (IOException e) {
      closeLock(ramLock, camera);
      log.warn("the folder in memory of {} cannot be used", camera, e);
      alerts.accept("there is no memory to go to when the disk fails: " + e.getMessage());
    }
    if (refusal != null && ram.isEmpty()) {
      throw refusal;
    }
    Storage storage = new Storage(card, ram, config, alerts, counters, System::nanoTime);
    storage.ramLock = ramLock;
    if (refusal != null) {
      storage.guard.isAbsent(refusal);
    }
    return storage;
  }

  private static Optional<Spool> ram(Spool card, StorageConfig config) throws IOException {
    if (config.ram().isEmpty()) {
      return Optional.empty();
    }
    Spool ram = Spool.open(ramRoot(card, config), card.camera());
    SpoolRecovery.recover(ram);
    return Optional.of(ram);
  }

  /**
   * The folder in memory that belongs to this spool: cameras of one name do not share it. The disk
   * is not asked.
   *
   * @throws IllegalArgumentException if the configuration names none
   */
  public static Path ramRoot(Spool card, StorageConfig config) {
    String folder = card.folder().toAbsolutePath().normalize().toString();
    byte[] hash = DurableFiles.sha256().digest(folder.getBytes(StandardCharsets.UTF_8));
    return config
        .ram()
        .orElseThrow(() -> new IllegalArgumentException("no folder in memory is set"))
        .resolve("raspberryspy-" + HexFormat.of().formatHex(hash, 0, 4));
  }

  /**
   * Removes a folder in memory that holds no footage any more, once nobody uses it. What holds some
   * stays for the next start.
   *
   * @param ramRoot {@link #ramRoot}
   */
  public static void tidy(Path ramRoot) throws IOException {
    if (!Files.isDirectory(ramRoot)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> files = Files.walk(ramRoot)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    boolean isEmpty =
        all.stream()
            .filter(Files::isRegularFile)
            .map(file -> file.getFileName().toString())
            .allMatch(name -> name.equals(Spool.STATE) || name.equals(Spool.LOCK));
    for (Path path : isEmpty ? all : List.<Path>of()) {
      Files.delete(path);
    }
  }

  /**
   * Counts a new run, durably, before its first frame is recorded. Where the disk cannot, memory
   * does, under a key of its own, so that no id comes twice.
   *
   * @throws IOException if neither can
   */
  public SpoolState beginRun() throws IOException {
    if (ram.isEmpty()) {
      return card.spool().beginRun();
    }
    try {
      if (card.isReady()) {
        return latest(card.spool().beginRun(), ram.get().state().recordedUntil());
      }
    } catch (IOException e) {
      log.warn("{} cannot count a run: memory does", card.spool().folder(), e);
      guard.failed(card.spool(), Optional.empty());
    }
    return latest(ram.get().beginRun(), card.recordedUntil());
  }

  private static SpoolState latest(SpoolState state, Optional<Instant> other) {
    Optional<Instant> until =
        Stream.concat(state.recordedUntil().stream(), other.stream())
            .max(Comparator.naturalOrder());
    return new SpoolState(state.key(), state.run(), until, state.sealedLast());
  }

  /** Starts its thread, which counts ages by this clock. */
  public void start(ClockWatch clock) {
    believe(clock);
    guard.start();
  }

  /** Footage gets old by this clock. */
  void believe(ClockWatch clock) {
    guard.believe(clock);
  }

  /** The spool in memory, if there is one. */
  Optional<Spool> ram() {
    return ram;
  }

  /** The spool on the disk. */
  public Spool card() {
    return card.spool();
  }

  /** Where the next segment goes. */
  Spool place() {
    return ram.isPresent() && (config.isRamFirst() || !guard.isCardWell())
        ? ram.get()
        : card.spool();
  }

  /** How large a segment in this place may grow before it ends: several must fit into memory. */
  long mostBytes(Spool where) {
    return where == card.spool() ? Long.MAX_VALUE : config.ramBytes() / 8;
  }

  /** So many bytes of a segment were written there. */
  void wrote(Spool where, long bytes) {
    if (where == card.spool()) {
      countWritten(bytes);
    }
  }

  /** Writing failed there; what was durable of the segment is sealed once the disk works again. */
  void failed(Spool where, Optional<GivenUp> part) {
    guard.failed(where, part);
  }

  /** What was lost here, and no manifest lists yet. */
  Losses.Unlisted unlisted(Spool where) {
    try {
      Losses.Unlisted lost = new Losses(where).unlisted();
      List<Gap> gaps = new ArrayList<>(lost.gaps());
      synchronized (this) {
        gaps.addAll(bad);
      }
      return new Losses.Unlisted(gaps, lost.records());
    } catch (IOException e) {
      log.warn("what was deleted in {} is listed later", where.folder(), e);
      return new Losses.Unlisted(List.of(), List.of());
    }
  }

  /** A segment whose manifest lists these losses is sealed. */
  void sealed(SealedSegment segment, Losses.Unlisted listed, Spool where) {
    synchronized (this) {
      bad.removeAll(listed.gaps());
    }
    try {
      new Losses(where).forget(listed);
    } catch (IOException e) {
      log.warn("{} lists losses that will be listed again", segment.files().manifest(), e);
    }
  }

  /** Footage that the disk did not keep, although it had said so. */
  synchronized void lost(Gap gap) {
    bad.add(gap);
  }

  /** The clock of a run was wrong: its sealed segments get other labels. */
  void redate(Relabel labels) {
    guard.redate(labels);
  }

  /** Whom to ask to end the open segment, if it holds so many bytes. */
  void onCut(LongConsumer newCut) {
    cut = newCut;
  }

  void cut(long leastBytes) {
    cut.accept(leastBytes);
  }

  void countWritten(long bytes) {
    counters.add(Counter.BYTES_TO_DISK, bytes);
    rate.add(bytes, nanoTime.getAsLong());
  }

  /**
   * How many bytes a day are written to the disk, measured over the last 24 hours or since the
   * start; empty within the first minute. Footage and canary count; the file system's own do not.
   */
  public OptionalLong bytesToDiskADay() {
    return rate.bytesADay(nanoTime.getAsLong());
  }

  /** Why nothing can be recorded to the disk; empty where it works. */
  public Optional<String> diskTrouble() {
    return guard.trouble();
  }

  /** Does now what its thread does each second. For tests, and before the thread runs. */
  void tend() {
    guard.tend();
  }

  /** Ends the thread, after a last look at what the disk failed on, and gives the lock back. */
  @Override
  public void close() {
    guard.close();
    closeLock(ramLock, card.spool().camera());
    closeLock(card, card.spool().camera());
  }

  private static void closeLock(Closeable lock, String camera) {
    try {
      lock.close();
    } catch (IOException e) {
      log.warn("a lock of camera {} could not be given back", camera, e);
    }
  }
}
