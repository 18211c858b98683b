package io.github.raspberryspy.benchmarks;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.supervise.PictureWatch;
import io.github.raspberryspy.camera.supervise.SuperviseConfig;
import java.util.Random;
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
 * What it costs to watch for a picture that stands still or is covered: for each of 30 frames a
 * second, and for the one in six that is looked at. More pictures than a cache holds, by turns; the
 * frame's way into and out of the pool is part of it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PictureWatchBenchmark {

  private static final int SLOTS = 24;
  private static final long FRAME_NANOS = 33_333_333;
  private static final long LOOK_NANOS = 200_000_000;

  @Param({"640x480", "1280x720", "1920x1080", "3840x2160"})
  private String size;

  private final FrameSlot[] slots = new FrameSlot[SLOTS];
  private FramePool pool;
  private PictureWatch watch;
  private int turn;
  private long number;
  private long nanos;

  /** Fills the pictures with noise. */
  @Setup
  public void open() {
    int width = Integer.parseInt(size.substring(0, size.indexOf('x')));
    int height = Integer.parseInt(size.substring(size.indexOf('x') + 1));
    pool = FramePool.allocate(PixelFormat.I420, width, height, SLOTS);
    watch = new PictureWatch("camera", SuperviseConfig.defaults());
    Random random = new Random(7);
    byte[] row = new byte[width];
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = pool.poll();
      for (int y = 0; y < height; y++) {
        random.nextBytes(row);
        slots[i].avFrame().data(0).position((long) y * slots[i].avFrame().linesize(0)).put(row);
      }
    }
  }

  /** Gives the memory back. */
  @TearDown
  public void close() {
    for (FrameSlot slot : slots) {
      slot.discard();
    }
    pool.close();
  }

  /** One frame of 30 a second. */
  @Benchmark
  public void eachFrame() {
    look(FRAME_NANOS);
  }

  /** One frame that is looked at. */
  @Benchmark
  public void eachLook() {
    look(LOOK_NANOS);
  }

  private void look(long step) {
    nanos += step;
    turn = (turn + 1) % SLOTS;
    FrameSlot slot = slots[turn];
    try (Frame frame = slot.publish(number++, 0, nanos)) {
      watch.look(frame);
    }
    FrameSlot freed = pool.poll(); // the one that was just closed
    if (freed != slot) {
      throw new IllegalStateException("another slot came free");
    }
  }
}
