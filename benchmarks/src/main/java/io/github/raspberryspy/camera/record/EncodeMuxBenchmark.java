package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.benchmarks.Pictures;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.encode.EncoderConfig;
import io.github.raspberryspy.camera.encode.H264Encoder;
import io.github.raspberryspy.camera.encode.NalUnits;
import io.github.raspberryspy.camera.encode.Packet;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
 * Encode → mux: frames that lie in memory become H.264 and fragments of MP4, as in a camera but for
 * the disk. In the package of the muxer, which is not public. {@link JavacvRecorderBenchmark} does
 * the same by JavaCV's recorder.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class EncodeMuxBenchmark {

  private static final int FRAGMENT_FRAMES = 28;

  @Param({"640x480", "1280x720", "1920x1080", "3840x2160"})
  private String size;

  @Param({"X264", "OPENH264"})
  private EncoderConfig.Choice encoder;

  private final Consumer<Packet> mux = this::mux;
  private Pictures pictures;
  private H264Encoder codec;
  private SegmentMuxer muxer;
  private long muxedBytes;

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
    if (muxer != null) {
      muxer.close();
    }
    pictures.close();
  }

  /** One frame through encoder and muxer. */
  @Benchmark
  public long encodeMux() {
    try (Frame frame = pictures.next()) {
      codec.encode(frame.share("encode"), mux);
    }
    pictures.reclaim();
    return muxedBytes;
  }

  private void mux(Packet packet) {
    if (muxer == null) {
      muxer =
          new SegmentMuxer(
              pictures.image().width(),
              pictures.image().height(),
              NalUnits.parameterSets(packet.array()),
              Optional.empty());
      muxer.endPart();
    }
    muxer.add(packet, 0, Pictures.INTERVAL_US);
    if (pictures.taken() % FRAGMENT_FRAMES == 0) {
      ByteBuffer fragment = muxer.endPart();
      muxedBytes += fragment.remaining();
    }
  }
}
