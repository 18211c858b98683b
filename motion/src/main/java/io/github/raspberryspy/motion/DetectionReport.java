package io.github.raspberryspy.motion;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.segments.UnknownSpan;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What detection tells the world: the one worker that is in charge has its say, what an abandoned
 * one says is passed over. Outlives its workers. Thread-safe; no lock is held while a listener is
 * called.
 */
final class DetectionReport {

  /** Why it is not known what moved. */
  static final String FAILED = "detection failed";

  /** The same, by somebody's wish: what is usual is another question from now on. */
  static final String RETUNED = "settings changed";

  private static final Logger log = LoggerFactory.getLogger(DetectionReport.class);

  private final String camera;
  private final MotionListener listener;
  private volatile Schedule schedule; // replaced by whoever reschedules
  private final InstantSource clock;
  private final Timeline timeline;
  private final AtomicLong analysed = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private volatile long seenUntilNanos = Long.MIN_VALUE; // written under the lock

  @GuardedBy("this")
  private MotionWorker inCharge;

  @GuardedBy("this")
  private Optional<MotionEvent> inherited = Optional.empty(); // whose end was not told yet

  DetectionReport(
      String camera,
      MotionListener listener,
      Schedule schedule,
      InstantSource clock,
      Timeline timeline) {
    this.camera = camera;
    this.listener = listener;
    this.schedule = schedule;
    this.clock = clock;
    this.timeline = timeline;
  }

  String camera() {
    return camera;
  }

  long framesAnalysed() {
    return analysed.get();
  }

  long failures() {
    return failures.get();
  }

  long seenUntilNanos() {
    return seenUntilNanos;
  }

  /** From now on this worker has its say; none may be. */
  synchronized void putInCharge(MotionWorker worker) {
    inCharge = worker;
  }

  /**
   * What is under way ends where it was seen last, and nothing is known from a frame on.
   *
   * @param reason why
   */
  synchronized void abandon(long sinceNanos, String reason) {
    inCharge = null;
    failures.incrementAndGet();
    Optional<MotionEvent> cut = timeline.cut(sinceNanos, reason);
    inherited = cut.isPresent() ? cut : inherited;
  }

  /** Tells the end of what another worker began. */
  void endInherited(MotionWorker worker) {
    Optional<MotionEvent> event;
    synchronized (this) {
      event = inCharge == worker ? inherited : Optional.empty();
      inherited = inCharge == worker ? Optional.empty() : inherited;
    }
    event.ifPresent(last -> tell(listener::ended, last));
  }

  void reschedule(Schedule next) {
    schedule = next;
  }

  /** Whether motion is to be looked for at a capture time. */
  boolean isOnSchedule(long nanos) {
    return schedule.isAlways()
        || schedule.isOn(clock.millis() - (System.nanoTime() - nanos) / 1_000_000);
  }

  void analysed() {
    analysed.incrementAndGet();
  }

  /**
   * A frame was looked at.
   *
   * @param isOn whether it was to be
   * @param why it was not understood; {@link Timeline#KNOWN} if it was
   */
  synchronized void mark(MotionWorker worker, long nanos, boolean isOn, String why) {
    if (inCharge != worker) {
      return;
    }
    if (why.equals(Timeline.KNOWN) || !isOn) {
      seenUntilNanos = Math.max(seenUntilNanos, nanos);
    }
    timeline.settle(nanos, isOn ? why : UnknownSpan.OFF_SCHEDULE);
  }

  /** Nothing moved before this moment, of which no frame came. */
  synchronized void quiet(MotionWorker worker, long untilNanos) {
    if (inCharge == worker) {
      seenUntilNanos = Math.max(seenUntilNanos, untilNanos);
    }
  }

  void failed(MotionWorker worker, Throwable e) {
    if (isInCharge(worker) && failures.getAndIncrement() == 0) {
      log.error("Motion detection of {} failed and starts anew", camera, e);
    }
  }

  void began(MotionWorker worker, MotionEvent event) {
    tell(worker, () -> timeline.open(event), listener::began, event);
  }

  void goesOn(MotionWorker worker, long nanos) {
    synchronized (this) {
      if (inCharge == worker) {
        timeline.goesOn(nanos);
      }
    }
  }

  void updated(MotionWorker worker, MotionEvent event) {
    tell(worker, () -> timeline.open(event), listener::updated, event);
  }

  void ended(MotionWorker worker, MotionEvent event) {
    tell(worker, () -> timeline.ended(event), listener::ended, event);
  }

  private synchronized boolean isInCharge(MotionWorker worker) {
    return inCharge == worker;
  }

  private void tell(
      MotionWorker worker, Runnable note, Consumer<MotionEvent> call, MotionEvent event) {
    synchronized (this) {
      if (inCharge != worker) {
        return;
      }
      note.run();
    }
    tell(call, event);
  }

  private void tell(Consumer<MotionEvent> call, MotionEvent event) {
    try {
      call.accept(event);
    } catch (Throwable e) {
      log.warn("A listener to motion of {} failed", camera, e);
    }
  }
}
