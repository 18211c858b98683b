package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.benchmarks.Pictures;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;
import org.bytedeco.javacv.FrameRecorder;
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
 * The baseline of {@link EncodeMuxBenchmark}: the same frames, encoder and options through JavaCV's
 * {@code FFmpegFrameRecorder}, into a stream that forgets them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class JavacvRecorderBenchmark {

  @Param({"640x480", "1280x720", "1920x1080", "3840x2160"})
  private String size;

  @Param({"libx264", "libopenh264"})
  private String encoder;

  private final List<ByteBuffer> pictures = new ArrayList<>();
  private int next;
  private FFmpegFrameRecorder recorder;
  private Frame frame;

  /** Draws the frames and starts the recorder. */
  @Setup
  public void open() throws FrameRecorder.Exception {
    int width;
    int height;
    try (Pictures drawn = new Pictures(size)) {
      width = drawn.image().width();
      height = drawn.image().height();
      for (int i = 0; i < Pictures.COUNT; i++) {
        pictures.add(copy(drawn));
      }
    }
    recorder = new FFmpegFrameRecorder(OutputStream.nullOutputStream(), width, height);
    recorder.setFormat("mp4");
    recorder.setOption("movflags", "frag_keyframe+empty_moov+default_base_moof");
    recorder.setVideoCodecName(encoder);
    recorder.setVideoCodec(avcodec.AV_CODEC_ID_H264);
    recorder.setPixelFormat(avutil.AV_PIX_FMT_YUV420P);
    recorder.setVideoBitrate(4_000_000);
    recorder.setFrameRate(30);
    recorder.setGopSize(30);
    recorder.setMaxBFrames(0);
    if (encoder.equals("libx264")) {
      recorder.setVideoOption("preset", "ultrafast");
      recorder.setVideoOption("tune", "zerolatency");
    }
    recorder.start();
    frame = new Frame();
    frame.imageWidth = width;
    frame.imageHeight = height;
    frame.imageDepth = Frame.DEPTH_UBYTE;
    frame.imageChannels = 1;
    frame.imageStride = width;
    frame.image = new ByteBuffer[1];
  }

  /** Gives everything back. */
  @TearDown
  public void close() throws FrameRecorder.Exception {
    recorder.close();
  }

  /** One frame through the recorder. */
  @Benchmark
  public void javacvRecorder() throws FrameRecorder.Exception {
    frame.image[0] = pictures.get(next);
    next = (next + 1) % pictures.size();
    recorder.record(frame, avutil.AV_PIX_FMT_YUV420P);
  }

  /** A picture whose planes lie one behind the other, as the recorder wants them. */
  private static ByteBuffer copy(Pictures drawn) {
    try (io.github.raspberryspy.camera.Frame picture = drawn.next()) {
      AVFrame from = picture.image().avFrame();
      int bytes = avutil.av_image_get_buffer_size(from.format(), from.width(), from.height(), 1);
      ByteBuffer to = ByteBuffer.allocateDirect(bytes);
      avutil.av_image_copy_to_buffer(
          new BytePointer(to),
          bytes,
          from.data(),
          from.linesize(),
          from.format(),
          from.width(),
          from.height(),
          1);
      return to;
    }
  }
}
