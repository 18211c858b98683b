package io.github.raspberryspy.motion;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;

/**
 * Keeps a listener from being told of one event after the other: once one that it was told of is
 * over, what ends within the cool-down is not told at all. What outlasts the cool-down is told
 * then, with the time at which it really began, so nobody hides behind what came before. Events
 * that were not told do not prolong it. Only who is told of events as they happen is spared: spans,
 * manifests and footage have all of them.
 *
 * <p>Its only clock is the capture time in the events; where that runs backwards, as from one video
 * to the next, it begins anew. Called as any listener; no lock is held while the other is called.
 */
public final class CoolDown implements MotionListener {

  /** As long as it may be. */
  public static final Duration LONGEST = Duration.ofHours(24);

  private final MotionListener listener;
  private volatile long nanos;

  @GuardedBy("this")
  private boolean isTold; // of the event under way

  @GuardedBy("this")
  private boolean hasTold; // of any that is over

  @GuardedBy("this")
  private long endNanos; // of the latest of these

  private CoolDown(MotionListener listener) {
    this.listener = listener;
  }

  /**
   * A listener that tells this one, with pauses.
   *
   * @param length of the pause after each event that was told, 0 to {@link #LONGEST}; 0 for none
   */
  public static CoolDown of(Duration length, MotionListener listener) {
    CoolDown cooled = new CoolDown(listener);
    cooled.change(length);
    return cooled;
  }

  /** Pauses so long from now on, within the same range. */
  public void change(Duration length) {
    MotionConfig.requireWithin("motion.cooldown", length, Duration.ZERO, LONGEST);
    nanos = length.toNanos();
  }

  @Override
  public void began(MotionEvent event) {
    boolean tells;
    synchronized (this) {
      tells = !isCooling(event);
      isTold = tells;
    }
    if (tells) {
      listener.began(event);
    }
  }

  @Override
  public void updated(MotionEvent event) {
    boolean was;
    boolean tells;
    synchronized (this) {
      was = isTold;
      tells = was || !isCooling(event);
      isTold = tells;
    }
    if (was) {
      listener.updated(event);
    } else if (tells) {
      listener.began(event);
    }
  }

  @Override
  public void ended(MotionEvent event) {
    boolean was;
    boolean tells;
    synchronized (this) {
      was = isTold;
      tells = was || !isCooling(event);
      isTold = false;
      if (tells) {
        hasTold = true;
        endNanos = event.endNanos();
      }
    }
    if (tells && !was) {
      listener.began(event);
    }
    if (tells) {
      listener.ended(event);
    }
  }

  /** Whether as much as is known of an event lies within the cool-down. */
  @GuardedBy("this")
  private boolean isCooling(MotionEvent event) {
    return hasTold && event.endNanos() >= endNanos && event.endNanos() - endNanos < nanos;
  }
}
