package io.github.raspberryspy.benchmarks;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.source.CameraSource;
import io.github.raspberryspy.camera.source.Sources;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * Capture → share → close: a frame of the test pattern is drawn, published, shared as an encoder
 * and a motion detector would, and given back.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class CaptureBenchmark implements CameraSource.Receiver {

  @Param({"640x480", "1280x720", "1920x1080", "3840x2160"})
  private String size;

  private CameraSource source;
  private Blackhole blackhole;

  /** Opens the source. */
  @Setup
  public void open() {
    source = Sources.create("test://?realtime=false&size=" + size, Sources.Delivery.AS_IT_COMES);
    source.open();
  }

  /** Gives its memory back. */
  @TearDown
  public void close() {
    source.close();
  }

  /** One frame. */
  @Benchmark
  public void captureShareClose(Blackhole hole) {
    blackhole = hole;
    source.deliver(this);
  }

  @Override
  public void onFrame(Frame frame) {
    try (Frame encode = frame.share("encode");
        Frame motion = frame.share("motion")) {
      blackhole.consume(encode.ptsUs());
      blackhole.consume(motion.ptsUs());
    }
  }

  @Override
  public void onPacket(Packet packet) {
    throw new IllegalStateException("the test pattern delivers frames");
  }

  @Override
  public void onLost(long frames) {
    throw new IllegalStateException("a source that is not live lost " + frames + " frames");
  }
}
