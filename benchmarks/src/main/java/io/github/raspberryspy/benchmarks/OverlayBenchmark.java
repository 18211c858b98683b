package io.github.raspberryspy.benchmarks;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.overlay.FrameBurner;
import io.github.raspberryspy.camera.overlay.OverlayConfig;
import io.github.raspberryspy.camera.overlay.OverlayPainter;
import io.github.raspberryspy.segments.Box;
import io.github.raspberryspy.segments.ClockState;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What an overlay costs a frame, before the encoder: the copy, a time, a text, and a mask of a
 * sixteenth of the picture.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class OverlayBenchmark {

  private static final Instant START = Instant.parse("2026-11-23T14:00:00Z");

  @Param({"640x480", "1280x720", "1920x1080", "3840x2160"})
  private String size;

  private Pictures pictures;
  private FrameBurner burner;
  private OverlayPainter painter;

  /** Draws the pictures. */
  @Setup
  public void open() {
    pictures = new Pictures(size);
    burner = new FrameBurner();
    painter =
        new OverlayPainter(
            OverlayConfig.none()
                .time(true)
                .text("Front door")
                .masks(List.of(new Box(0.25, 0.25, 0.25, 0.25))),
            ZoneOffset.UTC);
  }

  /** Gives their memory back. */
  @TearDown
  public void close() {
    burner.close();
    pictures.close();
  }

  /** One frame. */
  @Benchmark
  public long burn() {
    Frame frame = pictures.next();
    Instant time = START.plusNanos(frame.ptsUs() * 1000);
    try (Frame burnt =
        burner.burn(frame, picture -> painter.paint(picture, time, ClockState.SYNCED))) {
      return burnt.number();
    } finally {
      pictures.reclaim();
    }
  }
}
