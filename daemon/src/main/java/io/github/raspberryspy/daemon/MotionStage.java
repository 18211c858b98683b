package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.CameraPipelineBuilder;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameSink;
import io.github.raspberryspy.camera.record.SegmentAnnotator;
import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.daemon.config.MotionDecode;
import io.github.raspberryspy.motion.MotionAids;
import io.github.raspberryspy.motion.MotionConfig;
import io.github.raspberryspy.motion.MotionDetector;
import io.github.raspberryspy.motion.MotionListener;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a motion detector beside a pipeline: a new one for each run, since a run may have another
 * size, another pace and other overlays. Called by the pipeline's threads; closed after the
 * pipeline.
 */
final class MotionStage implements FrameSink, SegmentAnnotator, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(MotionStage.class);
  private static final String NOT_STARTED = "detection has not started";

  private final String camera;
  private volatile MotionConfig config; // replaced by whoever retunes
  private volatile MotionAids aids; // likewise
  private final MotionListener listener;
  private volatile boolean decodesAll = true; // set once, before a run begins
  private volatile MotionDetector detector; // replaced at the start of a run; null where none looks
  private volatile String whyNone = NOT_STARTED;
  private StreamInfo stream; // guarded by this: of the run

  private MotionStage(
      String camera, MotionConfig config, MotionAids aids, MotionListener listener) {
    this.camera = camera;
    this.config = config;
    this.aids = aids;
    this.listener = listener;
  }

  static MotionStage attachTo(
      CameraPipelineBuilder pipeline,
      String camera,
      MotionConfig config,
      MotionAids aids,
      MotionListener listener) {
    MotionStage stage = new MotionStage(camera, config, aids, listener);
    pipeline.sink(stage).annotator(stage);
    return stage;
  }

  /** How much of an H.264 source is decoded for it; all, unless told. */
  MotionStage decode(MotionDecode how) {
    decodesAll = how == MotionDecode.ALL;
    return this;
  }

  /**
   * Looks by this config, and with these aids, from now on, and in later runs. No frame is lost by
   * it; where nobody looked so far, somebody does from the next run on.
   */
  synchronized void retune(MotionConfig next, MotionAids nextAids) {
    boolean isLearntAnew = !next.equals(config) || !nextAids.tamper().equals(aids.tamper());
    config = next;
    aids = nextAids;
    MotionDetector current = detector;
    if (current == null || stream == null) {
      return;
    }
    MotionAids helpful = stream.isLive() ? nextAids : MotionAids.NONE;
    MotionConfig masked = next.withMasks(stream.overlays());
    if (isLearntAnew && masked.looksAnywhere()) {
      current.retune(masked, helpful);
    } else {
      current.reschedule(helpful.schedule());
    }
  }

  @Override
  public synchronized void onStream(StreamInfo info) {
    stream = info;
    whyNone = NOT_STARTED;
    close();
    // A sensor tells of now; what a source shows that is not live was filmed at some other time.
    MotionAids helpful = info.isLive() ? aids : MotionAids.NONE;
    MotionConfig masked = config.withMasks(info.overlays());
    if (masked.looksAnywhere()) {
      detector = new MotionDetector(camera, masked, info.isLive(), listener, helpful);
    } else {
      whyNone = "masks leave no place where motion would count";
      log.warn(
          "nobody looks for motion of camera {}: with what its source writes, {}", camera, whyNone);
    }
  }

  @Override
  public void onFrame(Frame frame) {
    MotionDetector current = detector;
    if (current != null) {
      current.onFrame(frame);
    }
  }

  @Override
  public boolean wantsEveryFrame() {
    MotionDetector current = detector;
    return current != null && (decodesAll || current.wantsEveryFrame());
  }

  @Override
  public void onQuiet(long untilNanos) {
    MotionDetector current = detector;
    if (current != null) {
      current.onQuiet(untilNanos);
    }
  }

  @Override
  public void onUnseen(long untilNanos) {
    MotionDetector current = detector;
    if (current != null) {
      current.onUnseen(untilNanos);
    }
  }

  @Override
  public List<Span> spans(long fromNanos, long toNanos, Duration patience) {
    MotionDetector current = detector;
    return current == null ? List.of() : current.spans(fromNanos, toNanos, patience);
  }

  @Override
  public List<Unknown> unknown(long fromNanos, long toNanos) {
    MotionDetector current = detector;
    return current == null
        ? List.of(new Unknown(fromNanos, toNanos, whyNone))
        : current.unknown(fromNanos, toNanos);
  }

  @Override
  public OptionalLong seenUntilNanos() {
    MotionDetector current = detector;
    return current == null ? OptionalLong.of(Long.MIN_VALUE) : current.seenUntilNanos();
  }

  @Override
  public void close() {
    MotionDetector last = detector;
    detector = null; // first: it may take its time, and knows nothing of what comes next
    if (last != null) {
      last.close();
    }
  }
}
