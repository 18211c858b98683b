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
 * of them is wrong, and until it is known which, whatever is younger by either counts: a step of
 * the clock deletes nothing. The doubt ends when the clock returns, when a camera that knows the
 * time agrees with it, or when a person confirms it. Thread-safe.
 */
public final class TrustedClock {

  /** A smaller difference is an ordinary correction. */
  static final Duration STEP = Duration.ofHours(1);

  /** A larger difference takes a person's word. */
  static final Duration CAMERA_TRUST = Duration.ofDays(45);

  /** How close to now a camera's segment ends that has just come. */
  private static final Duration FRESH = Duration.ofMinutes(10);

  private final Clock wall;
  private final LongSupplier nanos;

  @GuardedBy("this")
  private Instant base;

  @GuardedBy("this")
  private long baseNanos;

  /**
   * Goes on from the last time that an earlier process noted.
   *
   * @param nanos the monotonic clock
   */
  public TrustedClock(Clock wall, LongSupplier nanos, Optional<Instant> noted) {
    this.wall = wall;
    this.nanos = nanos;
    this.base = noted.orElseGet(wall::instant);
    this.baseNanos = nanos.getAsLong();
  }

  /** The time that ages are counted to: not later than either clock says. */
  public Instant now() {
    Reading reading = read();
    return reading.isInDoubt() && reading.wall.isAfter(reading.expected)
        ? reading.expected
        : reading.wall;
  }

  /** The time that footage is stamped with when it comes: not earlier than either clock says. */
  public Clock receipts() {
    return new Clock() {
      @Override
      public Instant instant() {
        Reading reading = read();
        return reading.isInDoubt() && reading.wall.isBefore(reading.expected)
            ? reading.expected
            : reading.wall;
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

  /** What a later process is to go on from. */
  public Instant toNote() {
    Reading reading = read();
    return reading.isInDoubt() ? reading.expected : reading.wall;
  }

  /** How far the wall clock is ahead of the monotonic one, if that is too much. */
  public Optional<Duration> doubt() {
    Reading reading = read();
    return reading.isInDoubt() ? Optional.of(reading.ahead()) : Optional.empty();
  }

  /** A person says that the wall clock is right. */
  public synchronized void confirm() {
    base = wall.instant();
    baseNanos = nanos.getAsLong();
  }

  /**
   * A camera whose own clock was set by somebody else sent what it has just filmed.
   *
   * @return whether that settled a doubt
   */
  public synchronized boolean heardFrom(Instant filmedUntil) {
    Reading reading = read();
    boolean settles =
        reading.isInDoubt()
            && reading.ahead().abs().compareTo(CAMERA_TRUST) <= 0
            && Duration.between(filmedUntil, reading.wall).abs().compareTo(FRESH) <= 0;
    if (settles) {
      confirm();
    }
    return settles;
  }

  private synchronized Reading read() {
    long now = nanos.getAsLong();
    Reading reading = new Reading(wall.instant(), base.plusNanos(now - baseNanos));
    if (!reading.isInDoubt()) {
      base = reading.wall;
      baseNanos = now;
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
