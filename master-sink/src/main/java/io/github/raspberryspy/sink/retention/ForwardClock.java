package io.github.raspberryspy.sink.retention;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * A wall clock that never goes back behind the time that it certainly was, and goes on from there
 * by the monotonic clock: what has ended by it stays ended when the wall clock falls back. A step
 * ahead that nobody confirmed counts while it lasts only. Thread-safe.
 */
final class ForwardClock extends Clock {

  private final Clock wall;
  private final LongSupplier nanos;
  private final TrustedClock trusted;

  @GuardedBy("this")
  private Instant reached;

  @GuardedBy("this")
  private long reachedNanos;

  /**
   * Goes on.
   *
   * @param reached how late it was before
   */
  ForwardClock(Clock wall, LongSupplier nanos, TrustedClock trusted, Instant reached) {
    this.wall = wall;
    this.nanos = nanos;
    this.trusted = trusted;
    this.reached = reached;
    this.reachedNanos = nanos.getAsLong();
  }

  @Override
  public Instant instant() {
    return later(reached(), wall.instant());
  }

  /** How late it certainly is; a later process is to go on from it. */
  synchronized Instant reached() {
    long now = nanos.getAsLong();
    reached = later(reached.plusNanos(now - reachedNanos), trusted.stamp());
    reachedNanos = now;
    return reached;
  }

  /** The wall clock counts as right, though it may have been ahead until now. */
  synchronized void settle() {
    reached = trusted.stamp();
    reachedNanos = nanos.getAsLong();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
