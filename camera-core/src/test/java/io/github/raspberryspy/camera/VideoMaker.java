package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.internal.Av;
import io.github.raspberryspy.camera.internal.Natives;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;

/** Makes small videos for tests by raw FFmpeg, B-frames included. */
public final class VideoMaker {

  private static final int WIDTH = 64;
  private static final int HEIGHT = 48;

  private final String codec;
  private PixelFormat pixels = PixelFormat.I420;
  private int fps = 10;
  private int frames = 30;
  private int bFrames;
  private int gop = 10;
  private boolean isFullRange;
  private String parameters = "";
  private Painter painter = (frame, number) -> fill(frame, pixels, number);

  /** Paints a picture, whose memory is there. */
  @FunctionalInterface
  public interface Painter {
    /** Paints the picture of this number, from 0. */
    void paint(AVFrame frame, int number);
  }

  private VideoMaker(String codec) {
    this.codec = codec;
  }

  /** With this encoder of FFmpeg's. */
  public static VideoMaker with(String codec) {
    return new VideoMaker(codec);
  }

  /** So many frames a second, so many in all. */
  public VideoMaker frames(int rate, int count) {
    fps = rate;
    frames = count;
    return this;
  }

  /** So many B-frames in a row. */
  public VideoMaker bFrames(int count) {
    bFrames = count;
    return this;
  }

  /** A keyframe each so many frames. */
  public VideoMaker gop(int count) {
    gop = count;
    return this;
  }

  /** In this format and range. */
  public VideoMaker pixels(PixelFormat format, boolean full) {
    pixels = format;
    isFullRange = full;
    return this;
  }

  /** With further parameters of x264's own, such as {@code qp=30}. */
  public VideoMaker x264(String more) {
    parameters = ":" + more;
    return this;
  }

  /** Shows this. */
  public VideoMaker showing(Painter newPainter) {
    painter = newPainter;
    return this;
  }

  /** Access units in Annex B, parameter sets in front of keyframes, the first shown at 0. */
  public List<Packet> packets() {
    List<Packet> packets = new ArrayList<>();
    encode(
        openCodec(false),
        p -> {
          byte[] data = new byte[p.size()];
          p.data().get(data);
          boolean isKey = (p.flags() & avcodec.AV_PKT_FLAG_KEY) != 0;
          packets.add(new Packet(data, p.pts(), p.dts(), 1_000_000 / fps, isKey));
        });
    return packets;
  }

  /** A file, in the container that its ending names. */
  public Path write(Path file) {
    AVCodecContext context = openCodec(true);
    AVFormatContext out = new AVFormatContext(null);
    check(avformat.avformat_alloc_output_context2(out, null, null, file.toString()));
    AVStream stream = avformat.avformat_new_stream(out, null);
    check(avcodec.avcodec_parameters_from_context(stream.codecpar(), context));
    stream.time_base(Av.microseconds());
    stream.avg_frame_rate(avutil.av_make_q(fps, 1));
    AVIOContext io = new AVIOContext(null);
    check(avformat.avio_open(io, file.toString(), avformat.AVIO_FLAG_WRITE));
    out.pb(io);
    check(avformat.avformat_write_header(out, (AVDictionary) null));
    encode(
        context,
        p -> {
          p.stream_index(0);
          p.duration(1_000_000 / fps);
          avcodec.av_packet_rescale_ts(p, Av.microseconds(), stream.time_base());
          check(avformat.av_write_frame(out, p));
        });
    check(avformat.av_write_trailer(out));
    avformat.avio_closep(io);
    avformat.avformat_free_context(out);
    return file;
  }

  private AVCodecContext openCodec(boolean globalHeader) {
    Natives.load();
    AVCodec encoder = avcodec.avcodec_find_encoder_by_name(codec);
    AVCodecContext context = avcodec.avcodec_alloc_context3(encoder);
    context.width(WIDTH).height(HEIGHT).pix_fmt(pixels.avFormat());
    context.color_range(isFullRange ? avutil.AVCOL_RANGE_JPEG : avutil.AVCOL_RANGE_MPEG);
    context.time_base(codec.equals("mpeg4") ? avutil.av_make_q(1, fps) : Av.microseconds());
    context.framerate(avutil.av_make_q(fps, 1));
    context.gop_size(gop).max_b_frames(bFrames);
    context.thread_count(1);
    if (globalHeader) {
      context.flags(context.flags() | avcodec.AV_CODEC_FLAG_GLOBAL_HEADER);
    }
    AVDictionary options =
        codec.equals("libx264")
            ? Av.options(
                "preset", "ultrafast", "sc_threshold", "0", "x264-params", "b-adapt=0" + parameters)
            : Av.options();
    check(avcodec.avcodec_open2(context, encoder, options));
    avutil.av_dict_free(options);
    return context;
  }

  private void encode(AVCodecContext context, Consumer<AVPacket> into) {
    AVPacket packet = avcodec.av_packet_alloc();
    AVFrame frame = avutil.av_frame_alloc();
    boolean inFrames = context.time_base().den() == fps;
    for (int i = 0; i <= frames; i++) {
      if (i < frames) {
        picture(frame, i);
        frame.pts(inFrames ? i : i * 1_000_000L / fps);
        check(avcodec.avcodec_send_frame(context, frame));
        avutil.av_frame_unref(frame);
      } else {
        check(avcodec.avcodec_send_frame(context, null));
      }
      while (avcodec.avcodec_receive_packet(context, packet) >= 0) {
        avcodec.av_packet_rescale_ts(packet, context.time_base(), Av.microseconds());
        into.accept(packet);
        avcodec.av_packet_unref(packet);
      }
    }
    avcodec.av_packet_free(packet);
    avutil.av_frame_free(frame);
    avcodec.avcodec_free_context(context);
  }

  private void picture(AVFrame frame, int number) {
    frame.format(pixels.avFormat()).width(WIDTH).height(HEIGHT);
    frame.color_range(isFullRange ? avutil.AVCOL_RANGE_JPEG : avutil.AVCOL_RANGE_MPEG);
    check(avutil.av_frame_get_buffer(frame, 0));
    painter.paint(frame, number);
  }

  /** Paints a slope of luma that moves with the number. */
  public static void fill(AVFrame frame, PixelFormat pixels, int number) {
    for (int plane = 0; plane < pixels.planes(); plane++) {
      byte[] row = new byte[pixels.rowBytes(plane, frame.width())];
      for (int y = 0; y < pixels.rows(plane, frame.height()); y++) {
        for (int x = 0; x < row.length; x++) {
          row[x] = (byte) (plane == 0 ? 40 + (x * 2 + y + number * 5) % 160 : 128);
        }
        frame.data(plane).position((long) y * frame.linesize(plane)).put(row, 0, row.length);
      }
    }
  }

  private static void check(int result) {
    if (result < 0) {
      throw new AssertionError(Av.text(result));
    }
  }
}
