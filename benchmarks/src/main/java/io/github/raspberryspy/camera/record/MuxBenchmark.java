package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.benchmarks.Pictures;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.encode.EncoderConfig;
import io.github.raspberryspy.camera.encode.H264Encoder;
import io.github.raspberryspy.camera.encode.NalUnits;
import io.github.raspberryspy.camera.encode.Packet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

/** Packets of two GOPs, encoded beforehand, into fragments of MP4 in memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class MuxBenchmark {

  private static final int FRAMES = 60;
  private static final int FRAGMENT_FRAMES = 30;

  @Param({"640x480", "1280x720", "1920x1080", "3840x2160"})
  private String size;

  private final List<Packet> packets = new ArrayList<>();
  private SegmentMuxer muxer;
  private int next;
  private long offsetUs;
  private long muxedBytes;

  /** Encodes the packets. */
  @Setup
  public void open() {
    try (Pictures pictures = new Pictures(size);
        H264Encoder codec =
            H264Encoder.open(
                EncoderConfig.h264().choice(EncoderConfig.Choice.X264), pictures.image(), 30)) {
      while (packets.size() < FRAMES) {
        try (Frame frame = pictures.next()) {
          codec.encode(frame.share("encode"), packets::add);
        }
        pictures.reclaim();
      }
      muxer =
          new SegmentMuxer(
              pictures.image().width(),
              pictures.image().height(),
              NalUnits.parameterSets(packets.get(0).array()),
              Optional.empty());
      muxer.endPart();
    }
  }

  /** Gives its memory back. */
  @TearDown
  public void close() {
    muxer.close();
  }

  /** One packet; a fragment ends with every thirtieth. */
  @Benchmark
  public long mux() {
    muxer.add(packets.get(next), -offsetUs, Pictures.INTERVAL_US);
    next++;
    if (next % FRAGMENT_FRAMES == 0) {
      muxedBytes += muxer.endPart().remaining();
    }
    if (next == FRAMES) {
      next = 0;
      offsetUs += FRAMES * Pictures.INTERVAL_US;
    }
    return muxedBytes;
  }
}
