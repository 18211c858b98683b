package io.github.raspberryspy.daemon;

import io.github.raspberryspy.motion.MotionEvent;
import io.github.raspberryspy.motion.MotionListener;
import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.wire.LinkMessage.Motion;
import io.github.raspberryspy.upload.control.ControlLink;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Tells the master of motion as it happens. Called on {@code motion-CAMERA}. */
final class LiveMotion implements MotionListener {

  private volatile ControlLink link; // set once, before the camera starts
  private volatile Instant start = Instant.EPOCH; // of what moves now, the same as long as it does
  private volatile boolean moving; // written by the motion thread, read by the heartbeat

  void tell(ControlLink newLink) {
    link = newLink;
  }

  boolean isMoving() {
    return moving;
  }

  @Override
  public void began(MotionEvent event) {
    moving = true;
    start = wallTime(event.startNanos());
    send(event, false);
  }

  @Override
  public void updated(MotionEvent event) {
    send(event, false);
  }

  @Override
  public void ended(MotionEvent event) {
    moving = false;
    send(event, true);
  }

  private void send(MotionEvent event, boolean isEnded) {
    ControlLink current = link;
    if (current != null) {
      Instant end = start.plusNanos(event.endNanos() - event.startNanos());
      current.offer(
          new Motion(
              isEnded,
              new EventSpan(
                  start,
                  end.truncatedTo(ChronoUnit.MICROS),
                  event.score(),
                  event.zones(),
                  event.boxes())));
    }
  }

  private static Instant wallTime(long nanos) {
    return Instant.now().minusNanos(System.nanoTime() - nanos).truncatedTo(ChronoUnit.MICROS);
  }
}
