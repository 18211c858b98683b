package io.github.raspberryspy.sink.fleet;

import io.github.raspberryspy.sink.event.Incident.Verdict;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out what the network says of cameras that are not heard, of several at a time. */
final class Probe implements AutoCloseable {

  /** How long a board may take to answer. */
  static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(Probe.class);
  private static final int AT_ONCE = 8;

  private final Reach reach;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          AT_ONCE,
          work -> {
            Thread t = new Thread(work, "master-reach");
            t.setDaemon(true);
            return t;
          });

  Probe(Reach reach) {
    this.reach = reach;
  }

  /** Asks the board, and says whether it answers; empty where its address is not known. */
  void ask(FleetWatcher.Loss loss, Consumer<Optional<Boolean>> then) {
    if (loss.address().isEmpty()) {
      then.accept(Optional.empty());
      return;
    }
    try {
      threads.execute(
          () -> then.accept(Optional.of(reach.answers(loss.address().get(), PATIENCE))));
    } catch (RejectedExecutionException e) {
      log.debug("nobody asks any more", e);
    }
  }

  /**
   * What that says.
   *
   * @param isAlone whether others are heard, or none but this one was
   */
  static Verdict verdict(FleetWatcher.Loss loss, Optional<Boolean> answers, boolean isAlone) {
    if (answers.isEmpty()) {
      return Verdict.UNKNOWN;
    }
    if (answers.get()) {
      return loss.hungUp() ? Verdict.PROGRAM_ENDED : Verdict.PROGRAM_SILENT;
    }
    return isAlone ? Verdict.UNREACHABLE : Verdict.ALL_UNREACHABLE;
  }

  /** The same for people. */
  static String sentence(Verdict verdict) {
    return switch (verdict) {
      case PROGRAM_ENDED -> "its program has ended, its board still answers";
      case PROGRAM_SILENT -> "its board answers, its program does not";
      case UNREACHABLE -> "it is unreachable: no power, no network, or destroyed";
      case ALL_UNREACHABLE -> "no camera is reachable: it may be the master's own network";
      case TAKEN_AWAY -> "its owner has unpaired it, or taken it off the wall";
      case NONE, UNKNOWN -> "it is not heard";
    };
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
