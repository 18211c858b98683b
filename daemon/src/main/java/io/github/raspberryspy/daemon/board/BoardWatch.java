package io.github.raspberryspy.daemon.board;

import io.github.raspberryspy.daemon.board.BoardFaults.Change;
import io.github.raspberryspy.natives.libc.KernelClock;
import io.github.raspberryspy.segments.Timers;
import io.github.raspberryspy.segments.wire.BoardFacts;
import io.github.raspberryspy.segments.wire.BoardHealth;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every five seconds how the board fares, on a thread of its own, {@code board-CAMERA}: a
 * sensor that hangs costs neither a frame nor a heartbeat, and what it said is soon said no longer.
 * Thread-safe.
 */
public final class BoardWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(BoardWatch.class);
  private static final Duration GLANCE = Duration.ofSeconds(5);
  private static final Duration STALE = Duration.ofMinutes(1);
  private static final String CARD = "card-failing";

  /** Hears what is wrong with the board, or is so no longer; must return soon. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Something began, or is over.
     *
     * @param kind what
     * @param ended whether it is over
     * @param isAlert whether somebody should be told at once
     * @param sentence for people; empty where it is over
     */
    void changed(String kind, boolean ended, boolean isAlert, String sentence);
  }

  private record Reading(BoardHealth health, long nanos) {}

  private final BoardReader reader;
  private final BoardFacts facts;
  private final Supplier<Optional<String>> cardTrouble;
  private final Listener listener;
  private final LongSupplier nanos;
  private final BoardFaults faults = new BoardFaults(BoardRule.all());
  private final ScheduledExecutorService timer;
  private boolean isCardFailing; // of the timer's thread
  private volatile Optional<Reading> latest = Optional.empty(); // written by the timer's thread

  BoardWatch(
      BoardReader reader,
      BoardFacts facts,
      Supplier<Optional<String>> cardTrouble,
      Listener listener,
      LongSupplier nanos,
      ScheduledExecutorService timer) {
    this.reader = reader;
    this.facts = facts;
    this.cardTrouble = cardTrouble;
    this.listener = listener;
    this.nanos = nanos;
    this.timer = timer;
  }

  /**
   * Watches the board that this runs on.
   *
   * @param camera whose board it is
   * @param spool its folder
   * @param clockIsSet whether the wall clock can be believed
   * @param cardTrouble why the spool's disk does not work; empty where it does
   */
  public static BoardWatch start(
      String camera,
      Path spool,
      BooleanSupplier clockIsSet,
      Supplier<Optional<String>> cardTrouble,
      Listener listener) {
    KernelFiles files = new KernelFiles(Path.of("/"));
    SpoolDisk disk =
        new SpoolDisk(files, spool, () -> SpoolDisk.deviceNumber(spool), System::nanoTime);
    BoardReader reader =
        new BoardReader(new BoardReader.Sources(files, disk, clockIsSet, KernelClock::read));
    BoardWatch watch =
        new BoardWatch(
            reader,
            FactsReader.read(files),
            cardTrouble,
            listener,
            System::nanoTime,
            Timers.daemon("board-" + camera));
    var unused =
        watch.timer.scheduleWithFixedDelay(
            watch::look, 0, GLANCE.toMillis(), TimeUnit.MILLISECONDS);
    return watch;
  }

  /** What the board is. */
  public BoardFacts facts() {
    return facts;
  }

  /** How it fares, as read within the last minute. */
  public BoardHealth health() {
    Optional<Reading> reading = latest;
    return reading
        .filter(r -> nanos.getAsLong() - r.nanos() < STALE.toNanos())
        .map(Reading::health)
        .orElse(BoardHealth.UNKNOWN);
  }

  /** One reading. Never throws: a watch that ends watches nothing. */
  void look() {
    try {
      BoardHealth health = reader.read();
      faults.look(health, nanos.getAsLong()).forEach(this::tell);
      lookAtCard();
      List<String> warnings = new ArrayList<>(faults.lasting());
      if (isCardFailing) {
        warnings.add(CARD);
      }
      latest = Optional.of(new Reading(health.with(warnings), nanos.getAsLong()));
    } catch (RuntimeException e) {
      log.debug("the board could not be looked at", e);
    }
  }

  private void lookAtCard() {
    Optional<String> trouble = cardTrouble.get();
    if (trouble.isPresent() != isCardFailing) {
      isCardFailing = trouble.isPresent();
      tell(new Change(CARD, !isCardFailing, isCardFailing, trouble.orElse("")));
    }
  }

  private void tell(Change change) {
    if (change.ended()) {
      log.info("no longer: {}", change.kind());
    } else {
      log.warn("{}", change.sentence());
    }
    listener.changed(change.kind(), change.ended(), change.isAlert(), change.sentence());
  }

  @Override
  public void close() {
    timer.shutdown();
  }
}
