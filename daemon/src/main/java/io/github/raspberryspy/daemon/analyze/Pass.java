package io.github.raspberryspy.daemon.analyze;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.motion.MotionAnalyzer;
import io.github.raspberryspy.motion.MotionConfig;
import io.github.raspberryspy.motion.MotionEvent;
import io.github.raspberryspy.motion.MotionResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One stretch of footage, decoded once and shown to one detector or to several. For one thread; it
 * holds no more than the pictures that it looks at.
 */
final class Pass implements AutoCloseable {

  /** Told of what is seen, on the thread of the pass. */
  interface Listener {

    /** The next file begins. */
    void begins(Footage file);

    /**
     * A picture was looked at.
     *
     * @param frame borrowed
     * @param us when it is shown, on the clock of the run
     * @param result what the first detector says
     */
    void seen(Footage file, Frame frame, long us, MotionResult result);

    /**
     * The file is at its end.
     *
     * @param lost pictures that could not be decoded
     */
    void ended(Footage file, long lost);

    /** The file cannot be read, or no further; the next one comes. */
    void failed(Footage file, CameraException why);
  }

  private final Reel.Stretch stretch;
  private final BooleanSupplier isStopped;
  private final List<MotionAnalyzer> detectors = new ArrayList<>();
  private final List<List<Event>> events = new ArrayList<>();
  private long fromUs;

  Pass(Reel.Stretch stretch, List<MotionConfig> configs, BooleanSupplier isStopped) {
    this.stretch = stretch;
    this.isStopped = isStopped;
    for (MotionConfig config : configs) {
      detectors.add(new MotionAnalyzer(config));
      events.add(new ArrayList<>());
    }
  }

  /** The first of the detectors. */
  MotionAnalyzer detector() {
    return detectors.get(0);
  }

  /** What a detector has found so far, in order; once the pass is over, all of it. */
  List<Event> events(int n) {
    return events.get(n);
  }

  /** Looks through it. What the listener throws goes through. */
  void run(Listener listener) {
    fromUs = stretch.files().get(0).firstUs();
    stretch.lead().forEach(this::learn);
    for (Footage file : stretch.files()) {
      listener.begins(file);
      try {
        long lost =
            FootageReader.read(
                file, isStopped, (frame, us) -> listener.seen(file, frame, us, look(frame, us)));
        listener.ended(file, lost);
      } catch (CameraException e) {
        if (isFatal(e)) {
          throw e;
        }
        listener.failed(file, e);
      }
    }
    for (int i = 0; i < detectors.size(); i++) {
      add(i, detectors.get(i).finish());
    }
  }

  @Override
  public void close() {
    detectors.forEach(MotionAnalyzer::close);
  }

  /** Whether it is no fault of the file that is read, and so the others' too. */
  static boolean isFatal(CameraException e) {
    return switch (e.kind()) {
      case CANCELLED, DISK_FAILED, ENCODER_FAILED, BUG -> true;
      default -> false;
    };
  }

  private MotionResult look(Frame frame, long us) {
    MotionResult first = null;
    for (int i = 0; i < detectors.size(); i++) {
      MotionResult result = detectors.get(i).analyze(frame.image(), us * 1000);
      add(i, result.ended());
      first = first == null ? result : first;
    }
    return first;
  }

  private void learn(Footage file) {
    try {
      FootageReader.readEnd(file, stretch.leadFromUs(), isStopped, this::look);
    } catch (CameraException e) {
      if (isFatal(e)) {
        throw e;
      }
      // it is told of where it is looked through itself
    }
  }

  /** What happened in the lead is the stretch before's. */
  private void add(int detector, Optional<MotionEvent> ended) {
    ended
        .map(Event::of)
        .filter(event -> event.endUs() >= fromUs)
        .ifPresent(event -> events.get(detector).add(event.within(fromUs, Long.MAX_VALUE)));
  }
}
