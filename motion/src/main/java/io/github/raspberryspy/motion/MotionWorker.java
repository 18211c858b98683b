package io.github.raspberryspy.motion;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameQueue;
import io.github.raspberryspy.camera.FrameQueue.WhenFull;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that looks at frames, with an inbox and a detector of its own. It may be abandoned:
 * what it still does then is told to nobody, and should it ever come back, it cleans up and ends.
 *
 * <p>Thread-safe.
 */
final class MotionWorker {

  private static final Logger log = LoggerFactory.getLogger(MotionWorker.class);
  private static final long LEARNING_NANOS = 3_000_000_000L;
  private static final long UPDATE_NANOS = 1_000_000_000L;

  private final DetectionReport report;
  private final Supplier<Analysis> analyses;
  private final FrameQueue inbox;
  private final Thread thread;

  private final AtomicLong turns = new AtomicLong(); // odd while it looks at a frame
  private volatile boolean isCalm; // written by its own thread
  private volatile long frameNanos; // of the frame that it looks at, or looked at last

  /* Used on its own thread only. */
  private Analysis analysis;
  private boolean mustLearn;
  private String learning; // why it has to learn the scene, if it has to
  private long learnedNanos = Long.MIN_VALUE; // it takes until then to know what moves
  private long updatedNanos;
  private boolean isOn = true; // schedule

  /**
   * A worker that is not started yet.
   *
   * @param learning why it comes in the place of another, and has to learn the scene before it is
   *     believed; {@link Timeline#KNOWN} for the first, which is believed at once
   */
  MotionWorker(
      DetectionReport report, Supplier<Analysis> analyses, boolean isLive, String learning) {
    this.report = report;
    this.analyses = analyses;
    this.learning = learning;
    this.mustLearn = !learning.equals(Timeline.KNOWN);
    this.inbox =
        isLive ? new FrameQueue(1, WhenFull.REPLACE_OLDEST) : new FrameQueue(2, WhenFull.WAIT);
    this.thread = new Thread(this::run, "motion-" + report.camera());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Takes ownership of a frame. Returns whether no frame was lost by it. */
  boolean offer(Frame frame) {
    return inbox.offer(frame);
  }

  /** A number that goes up whenever it begins or ends to look at a frame; odd in between. */
  long turns() {
    return turns.get();
  }

  /** Whether it looks at its first frame: that takes long, for the libraries have to be loaded. */
  boolean isAtItsFirst() {
    return turns.get() == 1;
  }

  /** Capture time of the frame that it looks at, or looked at last. */
  long frameNanos() {
    return frameNanos;
  }

  /** Whether it knows the scene, and nothing in it is out of the ordinary. */
  boolean isCalm() {
    return isCalm;
  }

  String camera() {
    return report.camera();
  }

  boolean isAlive() {
    return thread.isAlive();
  }

  /** Takes no more frames, and closes those that it has not looked at. */
  void abandon() {
    inbox.close();
  }

  /**
   * Looks at the frames that it has, and ends. One that takes longer looks at no more of them.
   *
   * @return whether it has ended in time, or is the caller's own thread
   */
  boolean end(Duration timeout) {
    inbox.end();
    if (Thread.currentThread() == thread) {
      return true;
    }
    try {
      thread.join(timeout.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      log.warn("{} still works on a frame", thread.getName());
      abandon();
    }
    return !thread.isAlive();
  }

  private void run() {
    try {
      report.endInherited(this);
      Frame frame = inbox.take();
      while (frame != null) {
        frameNanos = frame.captureNanos();
        turns.incrementAndGet();
        try (Frame owned = frame) {
          look(owned);
        }
        turns.incrementAndGet();
        frame = inbox.take();
      }
    } finally {
      inbox.close();
      drop();
    }
  }

  private void look(Frame frame) {
    long nanos = frame.captureNanos();
    boolean wasOn = isOn;
    if (mustLearn) {
      mustLearn = false;
      learnedNanos = nanos + LEARNING_NANOS;
    }
    try {
      isOn = report.isOnSchedule(nanos);
      if (analysis == null) {
        analysis = analyses.get();
      }
      MotionResult result = analysis.analyze(frame);
      if (isOn) {
        publish(result, nanos);
      } else {
        rest(wasOn);
      }
      boolean isKnown = nanos >= learnedNanos;
      isCalm = isKnown && analysis.isCalm();
      report.analysed(); // before it is known: whoever waits for that finds it counted
      report.mark(this, nanos, isOn, isKnown ? Timeline.KNOWN : learning);
    } catch (Throwable e) { // whatever it was, the recording goes on and so does the detector
      isCalm = false;
      learning = DetectionReport.FAILED;
      learnedNanos = nanos + LEARNING_NANOS;
      report.failed(this, e);
      drop();
      report.mark(this, nanos, isOn, learning);
    }
  }

  /** Off schedule the scene is still learnt, so that it is known at once when the time comes. */
  private void rest(boolean wasOn) {
    Optional<MotionEvent> last = analysis.finish();
    if (wasOn) {
      last.ifPresent(event -> report.ended(this, event));
    }
  }

  private void publish(MotionResult result, long nanos) {
    if (result.ended().isPresent()) { // no lambda: it would be garbage, of each frame
      report.ended(this, result.ended().get());
    }
    if (result.began().isPresent()) {
      updatedNanos = nanos;
      report.began(this, result.began().get());
    } else if (result.motion()) {
      report.goesOn(this, nanos);
      if (nanos - updatedNanos >= UPDATE_NANOS) {
        updatedNanos = nanos;
        analysis.current().ifPresent(event -> report.updated(this, event));
      }
    }
  }

  private void drop() {
    Analysis old = analysis;
    analysis = null;
    if (old == null) {
      return;
    }
    try (old) {
      Optional<MotionEvent> last = old.finish();
      if (isOn) {
        last.ifPresent(event -> report.ended(this, event));
      }
    } catch (Throwable e) {
      log.debug("Motion detection of {} could not end its event", report.camera(), e);
    }
  }
}
