package io.github.raspberryspy.daemon.analyze;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.Image;
import io.github.raspberryspy.motion.DetectorView;
import io.github.raspberryspy.motion.MotionAnalyzer;
import io.github.raspberryspy.motion.MotionConfig;
import io.github.raspberryspy.motion.MotionEvent;
import io.github.raspberryspy.motion.MotionResult;
import io.github.raspberryspy.segments.Box;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * A video of what the detector sees: the picture with what was found in it, what is usual, what is
 * out of the ordinary, and how much that weighed. The pictures that it looks at, at their times;
 * one video for each file. For one thread.
 */
final class DebugVideo implements AutoCloseable {

  private final MotionConfig config;
  private final MotionAnalyzer detector;
  private final DebugPicture picture;
  private final ScoreCurve curve = new ScoreCurve();
  private Optional<DetectorView> view = Optional.empty(); // of the latest picture, if looked at
  private Optional<PanelVideo> out = Optional.empty();
  private Footage footage;
  private Path target;

  /**
   * Of this detector.
   *
   * @param privacy what is black besides the zones of that kind
   */
  DebugVideo(MotionConfig config, List<Box> privacy, MotionAnalyzer detector) {
    this.config = config;
    this.detector = detector;
    this.picture = new DebugPicture(config, privacy);
    detector.showTo(seen -> view = Optional.of(seen));
  }

  /** The next file begins; its video is to be there. */
  void begin(Footage file, Path video) {
    footage = file;
    target = video;
    view = Optional.empty(); // of the lead
  }

  /** Adds a picture, which it borrows, if the detector looked at it. */
  void add(Frame frame, long us, MotionResult result) {
    if (view.isEmpty()) {
      return;
    }
    DetectorView seen = view.get();
    view = Optional.empty();
    Optional<MotionEvent> event = detector.current();
    curve.add(us, seen.weight(), result, event.map(Event::of));
    Image image = frame.image();
    if (out.isPresent() && !out.get().fits(image)) {
      return; // a picture of another size in one file: it was looked at, and cannot be shown
    }
    if (out.isEmpty()) {
      double fps = config.expert().rateHz();
      out = Optional.of(new PanelVideo(target, image, fps));
    }
    out.get().add(image, us - footage.firstUs(), panels -> paint(panels, seen, us, result, event));
  }

  private void paint(
      List<Mat> panels,
      DetectorView seen,
      long us,
      MotionResult result,
      Optional<MotionEvent> event) {
    try (PointerScope scope = new PointerScope()) {
      picture.found(panels.get(0), result.bodies(), event, words(seen, us, result));
      picture.usual(panels.get(1), seen);
      picture.unusual(panels.get(2), seen);
      curve.paint(panels.get(3));
      panels.forEach(DebugVideo::edge);
    }
  }

  private static void edge(Mat panel) {
    Brush.line(panel, 0, 0, panel.cols(), 0, Brush.BLACK, 3);
    Brush.line(panel, 0, 0, 0, panel.rows(), Brush.BLACK, 3);
  }

  private List<String> words(DetectorView seen, long us, MotionResult result) {
    double offset = (us - footage.firstUs()) / 1e6;
    String time =
        footage
            .wallTime(us)
            .map(t -> t.truncatedTo(ChronoUnit.SECONDS))
            .map(Instant::toString)
            .orElse("");
    return List.of(
        String.format(Locale.ROOT, "%.2f s  %s", offset, time),
        String.format(
            Locale.ROOT,
            "sensitivity %d  score %.2f %%  weight %.2f",
            config.sensitivity(),
            100 * result.score(),
            seen.weight()));
  }

  /** The file is at its end: its video gets its name. */
  void finish() {
    out.ifPresent(PanelVideo::finish);
    discard();
  }

  /** Leaves nothing of a video that was not finished. */
  void discard() {
    out.ifPresent(PanelVideo::close);
    out = Optional.empty();
  }

  @Override
  public void close() {
    discard();
  }
}
