package io.github.raspberryspy.motion;

import io.github.raspberryspy.camera.Frame;
import java.util.concurrent.TimeUnit;
import org.bytedeco.opencv.opencv_core.Mat;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the decision costs, with the flags that the camera runs with: for each of 30 frames a second
 * (every other one is looked at), for a frame that is looked at, and of that the pass over the
 * pixels alone. {@link MotionPeersBenchmark} runs what others do over the very same pictures.
 *
 * <p>On a busy machine {@code -bm sample} times each call, and its median holds where the mean does
 * not. The frame's way into and out of the pool is part of it. Where something moves, what was
 * found is made of new objects.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:TieredStopAtLevel=1", "-XX:+UseShenandoahGC", "-Xmx64m"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MotionBenchmark {

  private static final long FRAME_NANOS = 33_333_333;
  private static final long LOOK_NANOS = 2 * FRAME_NANOS;

  @Param({"640x480", "1280x720", "1920x1080", "3840x2160"})
  private String size;

  @Param({"still", "moving"})
  private String scene;

  private WatchedPictures pictures;
  private MotionAnalyzer analyzer;
  private LumaGrid grid;

  /** Draws the pictures. */
  @Setup
  public void open() {
    pictures = new WatchedPictures(size, scene.equals("moving"));
    try (Frame frame = pictures.next(0)) {
      grid = new LumaGrid(frame.image());
    }
    pictures.reclaim();
  }

  /** A scene that is learnt anew, so that no iteration profits from another's. */
  @Setup(Level.Iteration)
  public void learn() {
    analyzer = new MotionAnalyzer(MotionConfig.defaults());
    for (int i = 0; i < 2 * WatchedPictures.COUNT; i++) {
      decide(LOOK_NANOS);
    }
  }

  /** Gives the model's memory back. */
  @TearDown(Level.Iteration)
  public void forget() {
    analyzer.close();
  }

  /** Gives the pictures' memory back. */
  @TearDown
  public void close() {
    grid.close();
    pictures.close();
  }

  /** The whole decision for one frame of 30 a second: every other one is looked at. */
  @Benchmark
  @OperationsPerInvocation(2)
  public boolean eachFrame() {
    boolean isFirst = decide(FRAME_NANOS);
    return decide(FRAME_NANOS) || isFirst;
  }

  /** The whole decision for a frame that is looked at. */
  @Benchmark
  public boolean eachLook() {
    return decide(LOOK_NANOS);
  }

  /** The one pass over the pixels. */
  @Benchmark
  public Mat core() {
    try (Frame frame = pictures.next(LOOK_NANOS)) {
      return grid.read(frame.image());
    } finally {
      pictures.reclaim();
    }
  }

  private boolean decide(long stepNanos) {
    try (Frame frame = pictures.next(stepNanos)) {
      return analyzer.analyze(frame).motion();
    } finally {
      pictures.reclaim();
    }
  }
}
