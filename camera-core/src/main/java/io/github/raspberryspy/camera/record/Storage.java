package io.github.raspberryspy.camera.record;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.Counters;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.spool.Losses;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
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

  private final Spool card;
  private final Optional<Spool> ram;
  private final StorageConfig config;
  private final Counters counters;
  private final CardGuard guard;
  private volatile LongConsumer cut =
      leastBytes -> {}; // set by each run's recorder, called by the guard

  @GuardedBy("this")
  private final List<Gap> bad = new ArrayList<>();

  /**
   * Over a spool that was recovered.
   *
   * @param card on the disk
   * @param config what happens when it is full or fails
   * @param alerts hears one sentence of each trouble; called on {@code card-CAMERA} and {@code
   *     record-CAMERA}
   * @throws IOException if the folder in memory cannot be used
   */
  public Storage(Spool card, StorageConfig config, Consumer<String> alerts, Counters counters)
      throws IOException {
    this.card = card;
    this.config = config;
    this.counters = counters;
    this.ram =
        config.ram().isPresent()
            ? Optional.of(Spool.open(ramRoot(card, config), card.camera()))
            : Optional.empty();
    if (ram.isPresent()) {
      SpoolRecovery.recover(ram.get());
    }
    this.guard = new CardGuard(this, config, alerts, System::nanoTime);
  }

  /**
   * The folder in memory that belongs to this spool: cameras of one name do not share it.
   *
   * @throws IllegalArgumentException if the configuration names none
   */
  public static Path ramRoot(Spool card, StorageConfig config) throws IOException {
    return config
        .ram()
        .orElseThrow(() -> new IllegalArgumentException("no folder in memory is set"))
        .resolve("raspberryspy-" + card.state().key());
  }

  /** Starts its thread. */
  public void start() {
    guard.start();
  }

  /** The spool in memory, if there is one. */
  Optional<Spool> ram() {
    return ram;
  }

  /** The spool on the disk. */
  Spool card() {
    return card;
  }

  /** Where the next segment goes. */
  Spool place() {
    return ram.isPresent() && (config.isRamFirst() || !guard.isCardWell()) ? ram.get() : card;
  }

  /** How large a segment in this place may grow before it ends: several must fit into memory. */
  long mostBytes(Spool where) {
    return where == card ? Long.MAX_VALUE : config.ramBytes() / 8;
  }

  /** So many bytes of a segment were written there. */
  void wrote(Spool where, long bytes) {
    if (where == card) {
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
  }

  /** Does now what its thread does each second. For tests, and before the thread runs. */
  void tend() {
    guard.tend();
  }

  /** Ends the thread, after a last look at what the disk failed on. */
  @Override
  public void close() {
    guard.close();
  }
}
