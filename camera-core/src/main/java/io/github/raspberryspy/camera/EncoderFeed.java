package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.decode.PixelConverter;
import io.github.raspberryspy.camera.overlay.FrameBurner;
import io.github.raspberryspy.camera.overlay.OverlayConfig;
import io.github.raspberryspy.camera.overlay.OverlayPainter;
import io.github.raspberryspy.camera.record.RunClock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Makes frames ready for the encoder: mostly they are, some have to be converted, and where an
 * overlay is asked for each is painted in a copy. Runs on {@code encode-CAMERA}.
 */
final class EncoderFeed implements AutoCloseable {

  private final Predicate<PixelFormat> taken;
  private final Supplier<OverlayConfig> overlay;
  private final Supplier<RunClock> clock;
  private final Counters counters;
  private final PixelConverter converter = new PixelConverter();
  private final FrameBurner burner = new FrameBurner();
  private OverlayConfig painted = OverlayConfig.none();
  private OverlayPainter painter;

  /**
   * A feed.
   *
   * @param taken whether the encoder takes pixels as they are
   * @param overlay what is burnt in, asked for each frame
   * @param clock the run's, known with its first frame
   */
  EncoderFeed(
      Predicate<PixelFormat> taken,
      Supplier<OverlayConfig> overlay,
      Supplier<RunClock> clock,
      Counters counters) {
    this.taken = taken;
    this.overlay = overlay;
    this.clock = clock;
    this.counters = counters;
  }

  /** Takes ownership of a frame, and returns one that the encoder takes. */
  Frame prepare(Frame frame) {
    boolean isTaken = taken.test(frame.image().format());
    OverlayConfig wanted = overlay.get();
    if (isTaken && wanted.isEmpty()) {
      return frame;
    }
    counters.increment(isTaken ? Counter.FRAMES_COPIED : Counter.FRAMES_CONVERTED);
    if (wanted.isEmpty()) {
      return converter.toI420(frame);
    }
    if (!wanted.equals(painted)) {
      painted = wanted;
      painter = new OverlayPainter(wanted, ZoneId.systemDefault());
    }
    RunClock run = clock.get();
    Instant time = run.at(frame.ptsUs());
    Consumer<AVFrame> paint = picture -> painter.paint(picture, time, run.state());
    return isTaken ? burner.burn(frame, paint) : converter.toI420(frame, paint);
  }

  @Override
  public void close() {
    converter.close();
    burner.close();
  }
}
