package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.ImageFormat;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.encode.EncoderConfig;
import io.github.raspberryspy.camera.encode.H264Encoder;
import io.github.raspberryspy.camera.encode.NalUnits;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.source.CameraSource;
import io.github.raspberryspy.camera.source.Sources;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.bytedeco.ffmpeg.global.avutil;
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
 * Encode → mux: frames that lie in memory (96 different ones, more than any cache holds) become
 * H.264 and fragments of MP4, as in a camera but for the disk. In the package of the muxer, which
 * is not public.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class EncodeMuxBenchmark {

  private static final int FRAMES = 96;
  private static final long INTERVAL_US = 33_333;
  private static final int FRAGMENT_FRAMES = 28;

  @Param({"1280x720", "1920x1080"})
  private String size;

  @Param({"X264", "OPENH264"})
  private EncoderConfig.Choice encoder;

  /** Slots that hold the pictures; each goes to the end of the line after its turn. */
  private final ArrayDeque<FrameSlot> slots = new ArrayDeque<>();

  private FramePool pool;
  private H264Encoder codec;
  private SegmentMuxer muxer;
  private ImageFormat image;
  private long number;
  private long muxedBytes;

  /** Draws the frames and opens the codec. */
  @Setup
  public void open() {
    try (CameraSource source =
        Sources.create("test://?realtime=false&size=" + size, Sources.Delivery.AS_IT_COMES)) {
      var info = source.open();
      pool = FramePool.allocate(PixelFormat.I420, info.width(), info.height(), FRAMES);
      while (slots.size() < FRAMES) {
        source.deliver(new Copier());
      }
      image = info.image().orElseThrow();
      codec = H264Encoder.open(EncoderConfig.h264().choice(encoder), image, 30);
    }
  }

  /** Gives everything back. */
  @TearDown
  public void close() {
    codec.close();
    if (muxer != null) {
      muxer.close();
    }
    slots.forEach(FrameSlot::discard);
    pool.close();
  }

  /** One frame through encoder and muxer. */
  @Benchmark
  public long encodeMux() {
    Frame frame = slots.remove().publish(number, number * INTERVAL_US, 0);
    codec.encode(frame, this::mux);
    slots.add(pool.poll()); // the one that the encoder has just given back
    number++;
    return muxedBytes;
  }

  private void mux(Packet packet) {
    if (muxer == null) {
      muxer =
          new SegmentMuxer(image.width(), image.height(), NalUnits.parameterSets(packet.array()));
      muxer.endPart();
    }
    muxer.add(packet, 0, INTERVAL_US);
    if (number % FRAGMENT_FRAMES == 0) {
      ByteBuffer fragment = muxer.endPart();
      muxedBytes += fragment.remaining();
    }
  }

  /** Keeps copies of what the source draws. */
  private final class Copier implements CameraSource.Receiver {
    @Override
    public void onFrame(Frame frame) {
      FrameSlot slot = pool.poll();
      avutil.av_frame_copy(slot.avFrame(), frame.image().avFrame());
      slots.add(slot);
    }

    @Override
    public void onPacket(Packet packet) {
      throw new IllegalStateException("the test pattern delivers frames");
    }

    @Override
    public void onLost(long lost) {
      throw new IllegalStateException("a source that is not live lost frames");
    }
  }
}
