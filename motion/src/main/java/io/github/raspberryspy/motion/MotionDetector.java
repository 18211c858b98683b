package io.github.raspberryspy.motion;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameSink;
import io.github.raspberryspy.camera.record.SegmentAnnotator;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one camera on a thread of its own, {@code motion-CAMERA}, and remembers what it saw for
 * the recorder, and of what it saw nothing.
 *
 * <p>Behind a live source it never makes the camera wait: it looks at the latest frame, and counts
 * those that were replaced meanwhile. Behind a source that is not live it looks at all of them. A
 * failure of the detection is logged and counted, ends the event under way, and detection starts
 * anew; it never reaches the camera. A detection that does not return from a frame for ten seconds,
 * or a minute from the first one, is abandoned with its thread, and another thread starts; of
 * abandoned ones a camera has two at the most at a time, those of detectors that were closed
 * included, so that they hold few frames. Where there are two, nobody looks until one comes back.
 *
 * <p>Thread-safe. Close it after the camera, or at any time before.
 */
public final class MotionDetector implements FrameSink, SegmentAnnotator, AutoCloseable {

  static final int HUNG_TICKS = 10;
  static final int FIRST_TICKS = 60;
  static final String HUNG = "detection hung";
  static final String DIED = "detection died";

  private static final Logger log = LoggerFactory.getLogger(MotionDetector.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private volatile Supplier<Analysis> analyses; // replaced by whoever retunes
  private final boolean isLive;
  private final Timeline timeline = new Timeline();
  private final DetectionReport report;
  private final Future<?> watch;
  private final AtomicLong seen = new AtomicLong();
  private final AtomicLong replaced = new AtomicLong();

  private final Object lock = new Object();
  private volatile MotionWorker worker; // null while too many hang, and in the end

  @GuardedBy("lock")
  private boolean isClosed;

  @GuardedBy("lock")
  private String vacancy = DetectionReport.FAILED; // why nobody looks, while nobody does

  /* Used by the watch only. */
  private long watchedTurns;
  private int ticks;

  /**
   * What tests put in the place of the real ones.
   *
   * @param analyses makes detectors
   * @param clock tells the wall clock's time
   * @param watch calls the task about once a second until it is cancelled
   */
  record Seams(
      Supplier<Analysis> analyses, InstantSource clock, Function<Runnable, Future<?>> watch) {}

  /**
   * Starts a detector that always looks.
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
    this(
        camera,
        new Seams(() -> aids.analysis(config), InstantSource.system(), MotionWatch::everySecond),
        isLive,
        listener,
        aids.schedule());
    Objects.requireNonNull(config, "config");
  }

  MotionDetector(
      String camera, Seams seams, boolean isLive, MotionListener listener, Schedule schedule) {
    Objects.requireNonNull(listener, "listener");
    this.analyses = seams.analyses;
    this.isLive = isLive;
    this.report = new DetectionReport(camera, listener, schedule, seams.clock, timeline);
    if (LeftBehind.isRoomFor(camera)) {
      start(Timeline.KNOWN);
    } else {
      log.error("detections of {} hang: nobody looks until one of them comes back", camera);
      timeline.cut(Timeline.BEFORE_ALL, HUNG);
    }
    try {
      this.watch = seams.watch.apply(this::watch);
    } catch (Throwable e) { // nobody has it who could close it
      end(worker);
      throw e;
    }
  }

  @Override
  public void onFrame(Frame frame) {
    seen.incrementAndGet();
    timeline.offered(frame.captureNanos());
    MotionWorker current = worker;
    if (current == null) {
      replaced.incrementAndGet();
      timeline.passedOver(frame.captureNanos());
    } else if (!current.offer(frame.share("motion"))) {
      replaced.incrementAndGet();
    }
  }

  /** While it learns the scene, and while anything is out of the ordinary. */
  @Override
  public boolean wantsEveryFrame() {
    MotionWorker current = worker;
    return current != null && !current.isCalm(); // nobody, where too many hang
  }

  @Override
  public void onQuiet(long untilNanos) {
    timeline.quiet(untilNanos);
    MotionWorker current = worker;
    if (current != null && current.isCalm()) {
      report.quiet(current, untilNanos);
    }
  }

  @Override
  public void onUnseen(long untilNanos) {
    timeline.unseen(untilNanos);
  }

  @Override
  public List<Span> spans(long fromNanos, long toNanos, Duration patience) {
    return timeline.spans(fromNanos, toNanos, patience);
  }

  @Override
  public List<Unknown> unknown(long fromNanos, long toNanos) {
    return timeline.unknown(fromNanos, toNanos);
  }

  /**
   * Capture time of the latest frame that it understood, or {@link Long#MIN_VALUE}. After a failure
   * it stands still until the scene has been learnt anew for three seconds.
   */
  @Override
  public OptionalLong seenUntilNanos() {
    return OptionalLong.of(report.seenUntilNanos());
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
    return report.framesAnalysed();
  }

  /** Times that detection failed, hung or died, and was started anew. */
  public long failures() {
    return report.failures();
  }

  /** Looks at these times from now on; what was learnt of the scene stays. */
  public void reschedule(Schedule schedule) {
    report.reschedule(Objects.requireNonNull(schedule, "schedule"));
  }

  /**
   * Looks by this config from now on. What was seen stays known, what is under way ends, and the
   * scene is learnt anew, so that for some three seconds it is not known what moves. The camera
   * does not wait. Does nothing once closed.
   */
  public void retune(MotionConfig config, MotionAids aids) {
    Objects.requireNonNull(config, "config");
    reschedule(aids.schedule());
    MotionWorker last;
    synchronized (lock) {
      if (isClosed) {
        return;
      }
      analyses = () -> aids.analysis(config);
      last = worker;
      worker = null;
      vacancy = DetectionReport.RETUNED;
    }
    end(last);
    replace();
  }

  /** Looks at the frames it already has, ends the event under way, and stops. Idempotent. */
  @Override
  public void close() {
    watch.cancel(false);
    MotionWorker last;
    synchronized (lock) {
      isClosed = true;
      last = worker;
      worker = null;
    }
    end(last);
    timeline.end();
  }

  private static void end(MotionWorker last) {
    if (last != null && !last.end(CLOSE_TIMEOUT)) {
      LeftBehind.add(last);
    }
  }

  /** Looks whether the worker gets on; about once a second. */
  private void watch() {
    MotionWorker current = worker;
    if (current == null) {
      replace();
      return;
    }
    long turns = current.turns();
    ticks = turns == watchedTurns ? ticks + 1 : 0;
    watchedTurns = turns;
    boolean isBusy = (turns & 1) == 1;
    if (!current.isAlive()) {
      abandon(current, DIED);
    } else if (isBusy && ticks >= (current.isAtItsFirst() ? FIRST_TICKS : HUNG_TICKS)) {
      abandon(current, HUNG);
    }
  }

  private void abandon(MotionWorker hung, String reason) {
    synchronized (lock) {
      if (isClosed) {
        return;
      }
      worker = null;
      vacancy = DetectionReport.FAILED;
    }
    LeftBehind.add(hung);
    log.error("{} of {}: it starts anew", reason, report.camera());
    report.abandon(hung.frameNanos(), reason);
    hung.abandon();
    replace();
  }

  /** Starts the next worker, unless too many are stuck. */
  private void replace() {
    synchronized (lock) {
      if (!isClosed && worker == null && LeftBehind.isRoomFor(report.camera())) {
        start(vacancy);
      }
    }
  }

  private void start(String learning) {
    MotionWorker next = new MotionWorker(report, analyses, isLive, learning);
    report.putInCharge(next);
    ticks = 0;
    watchedTurns = 0;
    next.start();
    worker = next;
  }
}
