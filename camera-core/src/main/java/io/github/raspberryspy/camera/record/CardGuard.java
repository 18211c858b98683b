package io.github.raspberryspy.camera.record;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.segments.spool.AgeLimit;
import io.github.raspberryspy.segments.spool.Canary;
import io.github.raspberryspy.segments.spool.Reserve;
import io.github.raspberryspy.segments.spool.Spool;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the places that a camera records to, once a second: whether the disk still keeps what
 * it is given, whether there is room, what it failed on earlier, and what must leave memory.
 *
 * <p>Its thread is {@code card-CAMERA}; {@link #failed}, {@link #redate}, {@link #isCardWell} and
 * {@link #trouble} may come from any.
 */
final class CardGuard {

  private static final Logger log = LoggerFactory.getLogger(CardGuard.class);

  /** How often it looks. */
  static final Duration GLANCE = Duration.ofSeconds(1);

  /** How often a disk that works is put to the test. */
  static final Duration CANARY = Duration.ofSeconds(4);

  private static final long WORTH_CUTTING = 4L << 20;
  private static final int WELL_AGAIN = 2;

  private final Storage storage;
  private final Card place;
  private final Spool card;
  private final StorageConfig config;
  private final Consumer<String> alerts;
  private final LongSupplier nanoTime;
  private final Canary canary;
  private final Optional<RamSpool> ram;
  private final WriteBudget budget;
  private final Thread thread;
  private volatile boolean isCardWell = true; // written by the guard and the recorder

  private final List<AgeLimit> ages; // of both places, where there is a limit
  private Optional<AgeClock> clock = Optional.empty(); // set before the thread runs
  private Optional<Reserve> reserve = Optional.empty(); // once the disk can be asked
  private long lastCheck;
  private boolean isChecked;
  private volatile String complaint = ""; // written by the guard

  @GuardedBy("this")
  private int goodChecks; // since it failed last

  @GuardedBy("this")
  private final Deque<GivenUp> givenUp = new ArrayDeque<>();

  @GuardedBy("this")
  private final Deque<Relabel> labels = new ArrayDeque<>();

  @GuardedBy("this")
  private boolean stopping;

  @GuardedBy("this")
  private boolean urgent;

  CardGuard(
      Storage storage,
      Card place,
      StorageConfig config,
      Consumer<String> alerts,
      LongSupplier nanoTime) {
    this.storage = storage;
    this.place = place;
    this.card = place.spool();
    this.config = config;
    this.alerts = alerts;
    this.nanoTime = nanoTime;
    this.canary = new Canary(card.folder());
    this.ram =
        storage
            .ram()
            .map(spool -> new RamSpool(spool, card, config, alerts, storage::countWritten));
    this.ages =
        config.maxAge().isZero()
            ? List.of()
            : Stream.concat(Stream.of(card), storage.ram().stream())
                .map(spool -> new AgeLimit(spool, config.maxAge(), alerts))
                .toList();
    this.budget = new WriteBudget(config.writeBudgetBytes(), nanoTime.getAsLong());
    this.thread = new Thread(this::run, "card-" + card.camera());
    this.thread.setDaemon(true);
  }

  /** The disk could not be used at the start; before {@link #start} only. */
  void isAbsent(IOException why) {
    isCardWell = false;
    complain(why.getMessage());
  }

  /** Footage gets old by this one. */
  void believe(ClockWatch watch) {
    clock = Optional.of(new AgeClock(watch));
  }

  void start() {
    thread.start();
  }

  boolean isCardWell() {
    return isCardWell;
  }

  /** Why nothing can be recorded to the disk; empty where it works. */
  Optional<String> trouble() {
    String sentence = complaint;
    return sentence.isEmpty() ? Optional.empty() : Optional.of(sentence);
  }

  /** Writing failed there: looked at now, not at the next glance. */
  void failed(Spool where, Optional<GivenUp> part) {
    if (where == card) {
      isCardWell = false;
    }
    synchronized (this) {
      goodChecks = 0;
      part.ifPresent(givenUp::add);
      urgent = true;
      notifyAll();
    }
  }

  synchronized void redate(Relabel relabel) {
    labels.add(relabel);
    urgent = true;
    notifyAll();
  }

  void close() {
    synchronized (this) {
      stopping = true;
      notifyAll();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // what the disk failed on is sealed first
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    boolean goesOn = true;
    while (goesOn) {
      goesOn = awaitGlance();
      tend();
    }
  }

  private synchronized boolean awaitGlance() {
    long until = nanoTime.getAsLong() + GLANCE.toNanos();
    try {
      for (long left = GLANCE.toNanos();
          left > 0 && !stopping && !urgent;
          left = until - nanoTime.getAsLong()) {
        wait(Math.max(1, left / 1_000_000));
      }
    } catch (InterruptedException e) {
      return false;
    }
    urgent = false;
    return !stopping;
  }

  /** One look at everything. Never throws: a guard that ends guards nothing. */
  void tend() {
    attempt("room in " + card.folder(), this::keepRoom);
    attempt("the age of what is in " + card.folder(), this::keepAge);
    attempt("the health of " + card.folder(), this::check);
    attempt("what " + card.folder() + " failed on", this::rescue);
    attempt("the labels in " + card.folder(), this::relabel);
    ram.ifPresent(spool -> attempt("memory", () -> spool.tend(isCardWell)));
    attempt("what is written to " + card.folder(), this::weigh);
  }

  private void weigh() {
    budget
        .look(storage.bytesToDiskADay(), nanoTime.getAsLong())
        .ifPresent(
            sentence -> {
              log.warn("{}: {}", card.folder(), sentence);
              alerts.accept(sentence);
            });
  }

  private interface Work {
    void run() throws IOException;
  }

  private void attempt(String what, Work work) {
    try {
      work.run();
    } catch (IOException | RuntimeException e) {
      log.debug("{} could not be looked after", what, e);
    }
  }

  /** Where nothing can go any more, the open segment ends, so that it can. */
  private void keepRoom() throws IOException {
    if (place.isReady() && !reserve().keep()) {
      storage.cut(WORTH_CUTTING);
    }
  }

  private void keepAge() throws IOException {
    Optional<Instant> now = clock.flatMap(AgeClock::now);
    if (now.isPresent() && place.isReady()) {
      for (AgeLimit age : ages) {
        age.keep(now.get());
      }
    }
  }

  private Reserve reserve() throws IOException {
    if (reserve.isEmpty()) {
      long bytes =
          config.reserveBytes().isPresent()
              ? config.reserveBytes().getAsLong()
              : Reserve.usual(card.folder());
      reserve = Optional.of(new Reserve(card, bytes, config.limitBytes(), alerts));
    }
    return reserve.get();
  }

  private void check() {
    long now = nanoTime.getAsLong();
    if (isCardWell && isChecked && now - lastCheck < CANARY.toNanos()) {
      return;
    }
    isChecked = true;
    lastCheck = now;
    try {
      place.prepare();
      canary.check();
      storage.countWritten(Canary.BYTES);
      if (!isCardWell && goodChecks() >= WELL_AGAIN) {
        recovered();
      }
    } catch (IOException | RuntimeException e) {
      fails();
      complain(place.isReady() ? card.folder() + " fails: " + e.getMessage() : e.getMessage());
    }
  }

  private synchronized int goodChecks() {
    return ++goodChecks;
  }

  private synchronized void fails() {
    goodChecks = 0;
    isCardWell = false;
  }

  private void recovered() {
    isCardWell = true;
    if (!complaint.isEmpty()) {
      complaint = "";
      alerts.accept(card.folder() + " works again");
      storage.cut(0); // what goes on in memory can go to the disk
    }
  }

  private void complain(String sentence) {
    if (complaint.isEmpty()) {
      complaint = sentence;
      log.warn("{}", sentence);
      alerts.accept(
          ram.isPresent() ? sentence + "; footage goes to memory and from there on" : sentence);
    }
  }

  private void rescue() {
    List<GivenUp> parts;
    synchronized (this) {
      parts = new ArrayList<>(givenUp);
    }
    for (GivenUp part : parts) {
      if (part.spool() != card || isCardWell) {
        attempt(part.files().part().toString(), () -> rescue(part)); // none holds up another
      }
    }
  }

  private void rescue(GivenUp part) throws IOException {
    if (PartRescue.rescue(part) == PartRescue.Outcome.BAD) {
      bad(part);
    }
    synchronized (this) {
      givenUp.remove(part);
    }
  }

  private void bad(GivenUp part) {
    part.gaps().forEach(storage::lost); // which only this part knew of
    part.lost().ifPresent(storage::lost);
    String sentence =
        part.files().part()
            + " was synced and reads back otherwise: it is in quarantine, and listed as lost";
    log.warn("{}", sentence);
    alerts.accept(sentence);
  }

  private void relabel() throws IOException {
    List<Relabel> todo;
    synchronized (this) {
      todo = new ArrayList<>(labels);
    }
    for (Relabel relabel : todo) {
      relabel.apply(card);
      if (storage.ram().isPresent()) {
        relabel.apply(storage.ram().get());
      }
      synchronized (this) {
        labels.remove(relabel);
      }
    }
  }
}
