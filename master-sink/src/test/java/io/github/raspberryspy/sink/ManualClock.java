package io.github.raspberryspy.sink;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that a test moves by hand. Thread-safe. */
public final class ManualClock extends Clock {

  private volatile Instant now;
  private final AtomicLong nanos = new AtomicLong();

  /** Stands at this moment. */
  public ManualClock(Instant now) {
    this.now = now;
  }

  /** Goes on by this much; backwards where it is negative. */
  public void advance(Duration by) {
    now = now.plus(by);
    nanos.addAndGet(Math.max(by.toNanos(), 0));
  }

  /** The monotonic clock that goes on with it. */
  public long nanos() {
    return nanos.get();
  }

  /** Somebody sets it: the monotonic clock does not notice. */
  public void set(Instant to) {
    now = to;
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
