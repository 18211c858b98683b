package io.github.raspberryspy.camera.supervise;

import java.time.Duration;

/** A condition that counts once it has lasted for a while, and no longer as soon as it is over. */
final class Lasting {

  private final Duration after;
  private boolean isTrue;
  private boolean holds;
  private long sinceNanos;

  /** One that counts after this time; never where it is 0. */
  Lasting(Duration after) {
    this.after = after;
  }

  /**
   * Takes in how it is now.
   *
   * @param beganNanos since when, should it have begun just now
   * @return whether {@link #holds} is another than before
   */
  boolean update(boolean now, long beganNanos, long nowNanos) {
    boolean before = holds;
    if (now && !isTrue) {
      sinceNanos = beganNanos;
    } else if (nowNanos - sinceNanos < 0) {
      sinceNanos = holds ? nowNanos - after.toNanos() : nowNanos; // another run, another clock
    }
    isTrue = now;
    holds = now && !after.isZero() && nowNanos - sinceNanos >= after.toNanos();
    return holds != before;
  }

  boolean holds() {
    return holds;
  }

  Duration after() {
    return after;
  }
}
