package io.github.raspberryspy.benchmarks;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.encode.EncoderConfig;
import io.github.raspberryspy.camera.encode.H264Encoder;
import io.github.raspberryspy.camera.encode.Packet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.AuxCounters;
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
 * Capture → share → encode → close, without the drawing: the frame is published, shared with the
 * encoder, encoded, and closed by both. {@code payloadBytes} are those of the video itself, which
 * is copied to the heap once: what else is allocated is the garbage.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class EncodeBenchmark {

  /** Counts what the encoder wrote. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Written {
    /** Bytes of video. */
    public long payloadBytes;
  }

  @Param({"640x480", "1280x720", "1920x1080", "3840x2160"})
  private String size;

  @Param({"X264", "OPENH264"})
  private EncoderConfig.Choice encoder;

  private Pictures pictures;
  private H264Encoder codec;
  private long bytes;
  private final Consumer<Packet> count = this::count;

  /** Draws the frames and opens the codec. */
  @Setup
  public void open() {
    pictures = new Pictures(size);
    codec = H264Encoder.open(EncoderConfig.h264().choice(encoder), pictures.image(), 30);
  }

  /** Gives everything back. */
  @TearDown
  public void close() {
    codec.close();
    pictures.close();
  }

  /** One frame through the encoder. */
  @Benchmark
  public void captureShareEncodeClose(Written written) {
    bytes = 0;
    try (Frame frame = pictures.next()) {
      codec.encode(frame.share("encode"), count);
    }
    pictures.reclaim();
    written.payloadBytes += bytes;
  }

  private void count(Packet packet) {
    bytes += packet.sizeBytes();
  }
}
