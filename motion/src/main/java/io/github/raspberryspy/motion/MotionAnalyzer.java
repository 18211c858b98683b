package io.github.raspberryspy.motion;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.Image;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The detector itself: one frame after the other in, verdicts and events out. Live detection and
 * the analysis of recorded video both run exactly this.
 *
 * <p>Synchronous and deterministic: time is the frames' capture time. Frames are borrowed. Pictures
 * may change their size or format between two frames; what was learnt of the scene is then lost.
 * One thread at a time. Holds native memory: close it.
 */
public final class MotionAnalyzer implements Analysis {

  /** What a scene takes to be learnt. */
  private static final long LEARNING_NANOS = 3_000_000_000L;

  /** Nothing out of the ordinary for so long is calm. */
  private static final long CALM_NANOS = 500_000_000L;

  private final MotionConfig config;
  private final Optional<TamperWatch> tamper;
  private final EventTracker tracker;
  private final BodyTracks tracks = new BodyTracks();
  private final long minIntervalNanos;
  private FrameDifferencer differencer;
  private Consumer<DetectorView> viewer; // or null: then nothing is put together for it
  private MotionResult latest = MotionResult.STILL;
  private long latestNanos;
  private long calmNanos; // from then on, if nothing comes
  private long dueNanos = Long.MIN_VALUE;

  /** A detector that has seen nothing yet. */
  public MotionAnalyzer(MotionConfig config) {
    this(config, Optional.empty());
  }

  MotionAnalyzer(MotionConfig config, Optional<TamperWatch> tamper) {
    this.config = config;
    this.tamper = tamper;
    this.tracker = new EventTracker(config);
    // A tenth less, so that jitter of the frames' times does not skip every other frame.
    this.minIntervalNanos = (long) (0.9e9 / config.expert().rateHz());
  }

  /**
   * Looks at the next frame, which it borrows.
   *
   * @param frame not older than the one before
   * @return the verdict; for a frame that comes sooner than {@link MotionExpert#rateHz} asks for,
   *     the one of the frame before
   */
  @Override
  public MotionResult analyze(Frame frame) {
    Optional<Image> lores = frame.lores();
    Image image = lores.isPresent() ? lores.get() : frame.image(); // no garbage
    return analyze(image, frame.captureNanos());
  }

  /**
   * Looks at the next picture, which it borrows: for video that has a time of its own.
   *
   * @param nanos capture time, on any clock that does not run backwards
   * @return as {@link #analyze(Frame)}
   */
  public MotionResult analyze(Image image, long nanos) {
    if (nanos < dueNanos) {
      latest = latest.carriedOver();
      return latest;
    }
    dueNanos = nanos + minIntervalNanos;
    Observation found = observe(image, nanos);
    Observation seen =
        found.isMotion()
            ? new Observation(found.score(), tracks.follow(found.bodies(), nanos))
            : found;
    tracker.accept(nanos, seen);
    latestNanos = nanos;
    if (!differencer.isOrdinary() || tracker.isOpen()) {
      calmNanos = Math.max(calmNanos, nanos + CALM_NANOS);
    }
    latest = verdict(seen);
    if (viewer != null) {
      viewer.accept(differencer.view());
    }
    return latest;
  }

  /** Shows somebody, on the caller's thread, what it sees in each picture that it looks at. */
  public void showTo(Consumer<DetectorView> newViewer) {
    viewer = newViewer;
  }

  @Override
  public boolean isCalm() {
    return differencer != null && latestNanos - calmNanos >= 0;
  }

  @Override
  public Optional<MotionEvent> current() {
    return tracker.current();
  }

  /** Ends the event under way, for no more frames will come; it may be called more than once. */
  @Override
  public Optional<MotionEvent> finish() {
    latest = MotionResult.STILL;
    return tracker.finish();
  }

  /** Gives native memory back. */
  @Override
  public void close() {
    if (differencer != null) {
      differencer.close();
      differencer = null;
    }
  }

  private MotionResult verdict(Observation seen) {
    if (!tracker.isOpen() && !seen.isMotion() && tracker.ended().isEmpty()) {
      return MotionResult.STILL;
    }
    return new MotionResult(
        tracker.isOpen(), seen.score(), seen.bodies(), tracker.began(), tracker.ended());
  }

  private Observation observe(Image image, long nanos) {
    if (differencer == null || !differencer.fits(image)) {
      close();
      differencer = new FrameDifferencer(config, image);
      calmNanos = nanos + LEARNING_NANOS;
    }
    Observation seen = differencer.observe(image, nanos);
    if (tamper.isPresent()) {
      differencer.show(tamper.get(), nanos);
    }
    return seen;
  }
}
