package io.github.raspberryspy.daemon;

import io.github.raspberryspy.motion.MotionEvent;
import io.github.raspberryspy.motion.MotionListener;

/** A metered link is used for what moves, whatever a cool-down keeps from people. */
record Movement(Uploads uploads, MotionListener next) implements MotionListener {

  @Override
  public void began(MotionEvent event) {
    uploads.moving();
    next.began(event);
  }

  @Override
  public void updated(MotionEvent event) {
    uploads.moving();
    next.updated(event);
  }

  @Override
  public void ended(MotionEvent event) {
    next.ended(event);
  }
}
