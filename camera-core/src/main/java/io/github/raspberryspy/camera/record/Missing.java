package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.segments.spool.SpoolState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is missing before the segment that begins next: since when, and why. For one thread.
 *
 * <p>A run starts with what is missing since the one before it.
 */
final class Missing {

  private static final Logger log = LoggerFactory.getLogger(Missing.class);

  private final Spool spool;
  private final SpoolState earlier;
  private Optional<Instant> footageSince = Optional.empty(); // first packet of the run
  private Optional<Instant> sealedUntil = Optional.empty(); // in this run
  private Optional<Instant> since;
  private boolean isSinceEarlierRun = true; // dated by that run's clock
  private String reason = Gap.RESTART;

  /**
   * Of a run.
   *
   * @param spool remembers how far was recorded
   * @param earlier how far earlier runs recorded
   */
  Missing(Spool spool, SpoolState earlier) {
    this.spool = spool;
    this.earlier = earlier;
    this.since = earlier.recordedUntil();
  }

  /** Why footage is missing before the run's first segment. */
  void because(String newReason) {
    reason = newReason;
  }

  /** The run's footage begins here; only the first call counts. */
  void filmedSince(Instant first) {
    if (footageSince.isEmpty()) {
      footageSince = Optional.of(first);
    }
  }

  /** Up to here everything is sealed. */
  void sealedUntil(Instant end) {
    sealedUntil = Optional.of(end);
  }

  /** Whether something is missing before the next segment. */
  boolean isNoted() {
    return since.isPresent();
  }

  /** From what was sealed last on, or, before that, from the run's beginning on. */
  void note(String newReason) {
    Optional<Instant> before = sealedUntil.isEmpty() ? recordedUntil() : Optional.empty();
    isSinceEarlierRun = before.isPresent();
    since = before.or(() -> sealedUntil).or(() -> footageSince);
    reason = newReason;
  }

  /** From this moment on. */
  void noteSince(Instant moment, String newReason) {
    since = Optional.of(moment);
    isSinceEarlierRun = false;
    reason = newReason;
  }

  /** What is missing before a segment that begins here. */
  Optional<Gap> before(Instant start) {
    Optional<Instant> from = since.filter(moment -> moment.isBefore(start));
    if (from.isEmpty() && since.equals(earlier.recordedUntil())) {
      from = earlier.recordedBefore(start);
    }
    return from.map(moment -> new Gap(moment, start, reason));
  }

  /** A segment lists it. */
  void listed() {
    since = Optional.empty();
  }

  /** The clock was wrong by this much; what an earlier run recorded is dated by its own. */
  void redate(Duration by) {
    footageSince = footageSince.map(t -> t.plus(by));
    sealedUntil = sealedUntil.map(t -> t.plus(by));
    since = since.map(t -> isSinceEarlierRun ? t : t.plus(by));
  }

  private Optional<Instant> recordedUntil() {
    try {
      return spool.state().recordedUntil();
    } catch (IOException e) {
      log.warn("what was recorded last is not known: {}", e.getMessage());
      return Optional.empty();
    }
  }
}
