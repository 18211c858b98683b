package io.github.raspberryspy.motion;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameQueue;
import io.github.raspberryspy.camera.FrameQueue.WhenFull;
import io.github.raspberryspy.camera.FrameSink;
import io.github.raspberryspy.camera.record.SegmentAnnotator;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one camera on a thread of its own, {@code motion-CAMERA}, and remembers what it saw for
 * the recorder.
 *
 * <p>Behind a live source it never makes the camera wait: it looks at the latest frame, and counts
 * those that were replaced meanwhile. Behind a source that is not live it looks at all of them. A
 * failure of the detection is logged and counted, ends the event under way, and detection starts
 * anew; it never reaches the camera.
 *
 * <p>Thread-safe. Close it after the camera, or at any time before.
 */
public final class MotionDetector implements FrameSink, SegmentAnnotator, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(MotionDetector.class);
  private static final long LEARNING_NANOS = 3_000_000_000L;
  private static final long UPDATE_NANOS = 1_000_000_000L;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final String camera;
  private final MotionListener listener;
  private final Supplier<Analysis> analyses;
  private final FrameQueue inbox;
  private final Timeline timeline = new Timeline();
  private final Thread thread;
  private final AtomicLong seen = new AtomicLong();
  private final AtomicLong replaced = new AtomicLong();
  private final AtomicLong analysed = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();

  private final AtomicLong seenUntilNanos = new AtomicLong(Long.MIN_VALUE);
  private volatile boolean isCalm; // written by the detector's own thread

  /* Used on the detector's own thread only. */
  private Analysis analysis;
  private long learnedNanos = Long.MIN_VALUE; // after a failure it takes until then to know again
  private long updatedNanos;

  /**
   * Starts a detector.
   *
   * @param camera name of the camera, for the thread's name and the log
   * @param isLive whether the source runs at its own pace; where not, it is made to wait
   * @param listener told of events on the detector's thread
   */
  public MotionDetector(
      String camera, MotionConfig config, boolean isLive, MotionListener listener) {
    this(camera, config, isLive, listener, MotionAids.NONE);
  }

  /**
   * Starts a detector that has help.
   *
   * @param camera name of the camera, for the thread's name and the log
   * @param isLive whether the source runs at its own pace; where not, it is made to wait
   * @param listener told of events on the detector's thread
   * @param aids what there is beside the picture; they outlast the detector
   */
  public MotionDetector(
      String camera,
      MotionConfig config,
      boolean isLive,
      MotionListener listener,
      MotionAids aids) {
    this(camera, () -> aids.analysis(config), isLive, listener);
    Objects.requireNonNull(config, "config");
  }

  MotionDetector(
      String camera, Supplier<Analysis> analyses, boolean isLive, MotionListener listener) {
    this.camera = camera;
    this.analyses = analyses;
    this.listener = Objects.requireNonNull(listener, "listener");
    this.inbox =
        isLive ? new FrameQueue(1, WhenFull.REPLACE_OLDEST) : new FrameQueue(2, WhenFull.WAIT);
    this.thread = new Thread(this::run, "motion-" + camera);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void onFrame(Frame frame) {
    seen.incrementAndGet();
    timeline.offered();
    if (!inbox.offer(frame.share("motion"))) {
      replaced.incrementAndGet();
      timeline.replaced();
    }
  }

  /** While it learns the scene, and while anything is out of the ordinary. */
  @Override
  public boolean wantsEveryFrame() {
    return !isCalm;
  }

  @Override
  public void onQuiet(long untilNanos) {
    timeline.quiet(untilNanos);
    if (isCalm) {
      seenUntilNanos.accumulateAndGet(untilNanos, Math::max);
    }
  }

  @Override
  public List<Span> spans(long fromNanos, long toNanos, Duration patience) {
    return timeline.spans(fromNanos, toNanos, patience);
  }

  /**
   * Capture time of the latest frame that it understood, or {@link Long#MIN_VALUE}. After a failure
   * it stands still until the scene has been learnt anew for three seconds.
   */
  @Override
  public OptionalLong seenUntilNanos() {
    return OptionalLong.of(seenUntilNanos.get());
  }

  /** Frames that the camera showed. */
  public long framesSeen() {
    return seen.get();
  }

  /** Frames that gave way to a newer one before they were looked at. */
  public long framesReplaced() {
    return replaced.get();
  }

  /** Frames that were looked at. */
  public long framesAnalysed() {
    return analysed.get();
  }

  /** Times that detection failed and was started anew. */
  public long failures() {
    return failures.get();
  }

  /** Looks at the frames it already has, ends the event under way, and stops. Idempotent. */
  @Override
  public void close() {
    inbox.end();
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      thread.join(CLOSE_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      log.warn("{} still works on a frame", thread.getName());
    }
  }

  private void run() {
    try {
      Frame frame = inbox.take();
      while (frame != null) {
        try (Frame owned = frame) {
          look(owned);
        }
        frame = inbox.take();
      }
    } finally {
      inbox.close();
      abandon();
      timeline.end();
    }
  }

  private void look(Frame frame) {
    long nanos = frame.captureNanos();
    try {
      if (analysis == null) {
        analysis = analyses.get();
      }
      publish(analysis.analyze(frame), nanos);
      analysed.incrementAndGet();
      if (nanos >= learnedNanos) {
        seenUntilNanos.accumulateAndGet(nanos, Math::max);
        isCalm = analysis.isCalm();
      }
    } catch (Throwable e) { // whatever it was, the recording goes on and so does the detector
      isCalm = false;
      learnedNanos = nanos + LEARNING_NANOS;
      fail(e);
    }
    timeline.known(nanos);
  }

  private void publish(MotionResult result, long nanos) {
    result.ended().ifPresent(this::end);
    if (result.began().isPresent()) {
      updatedNanos = nanos;
      timeline.open(result.began().get());
      tell(listener::began, result.began().get());
    } else if (result.motion()) {
      goOn(nanos);
    }
  }

  private void goOn(long nanos) {
    timeline.goesOn(nanos);
    boolean isDue = nanos - updatedNanos >= UPDATE_NANOS;
    if (!isDue) {
      return;
    }
    updatedNanos = nanos;
    Optional<MotionEvent> event = analysis.current();
    if (event.isPresent()) {
      timeline.open(event.get());
      tell(listener::updated, event.get());
    }
  }

  private void end(MotionEvent event) {
    timeline.ended(event);
    tell(listener::ended, event);
  }

  private void tell(Consumer<MotionEvent> call, MotionEvent event) {
    try {
      call.accept(event);
    } catch (Throwable e) {
      log.warn("A listener to motion of {} failed", camera, e);
    }
  }

  private void fail(Throwable e) {
    if (failures.getAndIncrement() == 0) {
      log.error("Motion detection of {} failed and starts anew", camera, e);
    }
    abandon();
  }

  private void abandon() {
    Analysis old = analysis;
    analysis = null;
    if (old == null) {
      return;
    }
    try (old) {
      old.finish().ifPresent(this::end);
    } catch (Throwable e) {
      log.debug("Motion detection of {} could not end its event", camera, e);
    }
  }
}
