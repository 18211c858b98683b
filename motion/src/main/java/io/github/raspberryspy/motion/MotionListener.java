package io.github.raspberryspy.motion;

/**
 * Somebody who wants to know about events as they happen.
 *
 * <p>Called on {@code motion-CAMERA}, one call at a time; it should return soon, for frames are
 * replaced meanwhile. What it throws is logged and goes no further.
 */
public interface MotionListener {

  /** A listener that does nothing. */
  MotionListener NONE = new MotionListener() {};

  /** An event was recognised. */
  default void began(MotionEvent event) {}

  /** An event goes on: at most once a second of footage. */
  default void updated(MotionEvent event) {}

  /** An event is over. */
  default void ended(MotionEvent event) {}
}
