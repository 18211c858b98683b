package io.github.raspberryspy.sink.retention;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The wall clock, held against the monotonic one. Where they part by more than {@link #STEP}, one
 * of them is wrong, and until it is known which, footage is stamped by the monotonic one and ages
 * count to whichever is earlier: a step of the clock deletes nothing. The doubt ends when the clock
 * returns, or when it is settled that the wall clock is right. Thread-safe.
 */
public final class TrustedClock {

  /*
   * A clock that was wrong before it was set right has stamped footage wrongly. So it is kept since
   * when nobody has shown that it was right: from the start of the process (while a master is off,
   * a clock without a battery stands), over as many restarts as it takes. What was stamped from
   * then on moves with the clock when a doubt is settled: it stays as old as the monotonic clock
   * says that it is, whoever settles it, however wrongly, and how often.
   */

  /** A smaller difference is an ordinary correction. */
  static final Duration STEP = Duration.ofHours(1);

  /** How close to now a camera's segment ends that has just come. */
  static final Duration FRESH = Duration.ofMinutes(10);

  private final Clock wall;
  private final LongSupplier nanos;

  @GuardedBy("this")
  private Instant base;

  @GuardedBy("this")
  private long baseNanos;

  @GuardedBy("this")
  private Optional<Instant> unsure;

  /** A first one, of which nobody knows yet whether it is right. */
  public TrustedClock(Clock wall, LongSupplier nanos) {
    this(wall, nanos, Optional.empty(), Optional.empty());
  }

  /**
   * Goes on from what an earlier process noted.
   *
   * @param nanos the monotonic clock
   * @param noted the last time that it noted
   * @param unsure its {@link #unsureSince}
   */
  public TrustedClock(
      Clock wall, LongSupplier nanos, Optional<Instant> noted, Optional<Instant> unsure) {
    this.wall = wall;
    this.nanos = nanos;
    this.base = noted.orElseGet(wall::instant);
    this.baseNanos = nanos.getAsLong();
    this.unsure = Optional.of(unsure.filter(since -> since.isBefore(base)).orElse(base));
  }

  /** The time that ages are counted to: not later than either clock says. */
  public Instant now() {
    Reading reading = read();
    return reading.isInDoubt() && reading.wall.isAfter(reading.expected)
        ? reading.expected
        : reading.wall;
  }

  /** The time that footage is stamped with when it comes. */
  public Clock receipts() {
    return new Clock() {
      @Override
      public Instant instant() {
        return stamp();
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }

  /** As {@link #receipts} says; a later process is to go on from it. */
  public Instant stamp() {
    Reading reading = read();
    return reading.isInDoubt() ? reading.expected : reading.wall;
  }

  /** How far the wall clock is ahead of the monotonic one, if that is too much. */
  public Optional<Duration> doubt() {
    Reading reading = read();
    return reading.isInDoubt() ? Optional.of(reading.ahead()) : Optional.empty();
  }

  /** The stamp from which on it is not known that stamps are right; empty if all are. */
  public synchronized Optional<Instant> unsureSince() {
    read();
    return unsure;
  }

  /** Whether a time that somebody says it is now fits the wall clock. */
  public boolean agrees(Instant said) {
    return Duration.between(said, read().wall).abs().compareTo(FRESH) <= 0;
  }

  /** It was shown that the wall clock is right: without a doubt, so are all stamps. */
  public synchronized void verified() {
    if (!read().isInDoubt()) {
      unsure = Optional.empty();
    }
  }

  /** What has to happen to stamps if the wall clock is right. */
  synchronized Settlement settlement() {
    Reading reading = read();
    return new Settlement(unsure, reading.ahead(), reading.wall);
  }

  /** The wall clock counts as right, and stamps were changed as this says. */
  synchronized void settle(Settlement settlement) {
    base = wall.instant();
    baseNanos = nanos.getAsLong();
    unsure = settlement.unsure();
  }

  private synchronized Reading read() {
    long now = nanos.getAsLong();
    Reading reading = new Reading(wall.instant(), base.plusNanos(now - baseNanos));
    if (!reading.isInDoubt()) {
      base = reading.wall;
      baseNanos = now;
    } else if (unsure.isEmpty()) {
      unsure = Optional.of(reading.expected);
    }
    return reading;
  }

  private record Reading(Instant wall, Instant expected) {
    Duration ahead() {
      return Duration.between(expected, wall);
    }

    boolean isInDoubt() {
      return ahead().abs().compareTo(STEP) > 0;
    }
  }
}
