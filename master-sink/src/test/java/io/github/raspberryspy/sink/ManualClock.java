package io.github.raspberryspy.sink;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that a test moves by hand. Thread-safe. */
public final class ManualClock extends Clock {

  private volatile Instant now;

  /** Stands at this moment. */
  public ManualClock(Instant now) {
    this.now = now;
  }

  /** Goes on by this much; backwards where it is negative. */
  public void advance(Duration by) {
    now = now.plus(by);
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
