package io.github.raspberryspy.camera.encode;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.Image;
import io.github.raspberryspy.camera.ImageFormat;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.internal.Av;
import io.github.raspberryspy.camera.internal.Natives;
import io.github.raspberryspy.camera.internal.PacketBytes;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVBufferRef;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes frames of one size and format to H.264 by raw {@code avcodec}: no B-frames, an IDR
 * picture at fixed intervals of presentation time, parameter sets in front of each.
 *
 * <p>The encoder reads the frame's own memory; nothing of it is copied on this side. For one
 * thread.
 *
 * <p>Source: FFmpeg {@code libavcodec/avcodec.h}, send/receive API.
 */
public final class H264Encoder implements VideoEncoder {

  private static final Logger log = LoggerFactory.getLogger(H264Encoder.class);
  private static final List<EncoderConfig.Choice> AUTO_ORDER =
      List.of(EncoderConfig.Choice.X264, EncoderConfig.Choice.OPENH264);

  /*
   * A frame that is handed to the codec must not go back to its source before the codec has let go of
   * the memory. Pictures of a decoder are counted by FFmpeg itself; for pools that use their memory
   * again, the handle is held until the count of the slot's buffer is back to the pool's own one. It is
   * swept after each call, so no callback from native threads into Java is needed.
   */
  private final ArrayDeque<Frame> held = new ArrayDeque<>();
  private final IdentityHashMap<AVFrame, AVBufferRef> buffers = new IdentityHashMap<>();
  private final AVCodecContext codec;
  private final AVFrame wrapper = Av.checkAllocated(avutil.av_frame_alloc(), "a frame");
  private final AVPacket packet = Av.checkAllocated(avcodec.av_packet_alloc(), "a packet");
  private final PacketBytes bytes = new PacketBytes(packet);
  private final String name;
  private final String reference; // what may be said of each frame is put together once
  private final String refusal;
  private final KeyframeGrid keyframes;
  private final long intervalUs;

  private H264Encoder(AVCodecContext codec, String name, long gopUs, long intervalUs) {
    this.codec = codec;
    this.name = name;
    this.reference = "encoder " + name;
    this.refusal = reference + " refused a frame";
    this.keyframes = new KeyframeGrid(gopUs, intervalUs);
    this.intervalUs = intervalUs;
  }

  /**
   * Opens an encoder for images like this one, of format I420 or NV12.
   *
   * @param fps nominal frames per second
   * @throws CameraException of kind ENCODER_FAILED, if none of the choice can be opened
   */
  public static H264Encoder open(EncoderConfig config, ImageFormat image, double fps) {
    Natives.load();
    if (config.choice() == EncoderConfig.Choice.COPY) {
      throw new CameraException(
          Kind.INVALID,
          "encoder \"copy\" is only for sources that deliver H.264; this one does not");
    }
    if (config.choice() != EncoderConfig.Choice.AUTO) {
      return open(config, config.choice(), image, fps);
    }
    CameraException failure = null;
    for (EncoderConfig.Choice choice : AUTO_ORDER) {
      try {
        H264Encoder encoder = open(config, choice, image, fps);
        if (failure != null) {
          log.info("encoder {}, because {}", encoder.name, failure.getMessage());
        }
        return encoder;
      } catch (CameraException e) {
        failure = e;
      }
    }
    throw failure;
  }

  /** Whether the codec takes this format as it is; others must be converted to I420 first. */
  public static boolean takes(EncoderConfig config, PixelFormat format) {
    return format == PixelFormat.I420
        || (format == PixelFormat.NV12 && config.choice() == EncoderConfig.Choice.X264);
  }

  @Override
  public boolean takes(PixelFormat format) {
    return format.avFormat() == codec.pix_fmt();
  }

  @Override
  public boolean fits(Image image) {
    return image.width() == codec.width()
        && image.height() == codec.height()
        && image.format().avFormat() == codec.pix_fmt()
        && image.isFullRange() == (codec.color_range() == avutil.AVCOL_RANGE_JPEG);
  }

  /** FFmpeg's name of the encoder that was opened. */
  @Override
  public String name() {
    return name;
  }

  @Override
  public void encode(Frame frame, Consumer<Packet> into) {
    held.add(frame);
    AVFrame source = frame.image().avFrame();
    long pts = frame.ptsUs();
    Av.check(avutil.av_frame_ref(wrapper, source), Kind.ENCODER_FAILED, reference);
    wrapper.pts(pts);
    wrapper.duration(intervalUs);
    wrapper.pict_type(
        keyframes.isDue(pts) ? avutil.AV_PICTURE_TYPE_I : avutil.AV_PICTURE_TYPE_NONE);
    int result = avcodec.avcodec_send_frame(codec, wrapper);
    avutil.av_frame_unref(wrapper);
    Av.check(result, Kind.ENCODER_FAILED, refusal);
    receive(into);
    sweep();
  }

  @Override
  public void requestKeyframe() {
    keyframes.request();
  }

  @Override
  public void flush(Consumer<Packet> into) {
    Av.check(
        avcodec.avcodec_send_frame(codec, null), Kind.ENCODER_FAILED, "encoder " + name + " flush");
    receive(into);
  }

  @Override
  public void close() {
    avcodec.avcodec_free_context(codec);
    avcodec.av_packet_free(packet);
    avutil.av_frame_free(wrapper);
    held.forEach(Frame::close);
    held.clear();
  }

  private void receive(Consumer<Packet> into) {
    int result = avcodec.avcodec_receive_packet(codec, packet);
    while (result >= 0) {
      byte[] data = new byte[packet.size()];
      bytes.copyTo(data);
      long pts = packet.pts();
      boolean isKeyframe = (packet.flags() & avcodec.AV_PKT_FLAG_KEY) != 0;
      avcodec.av_packet_unref(packet);
      into.accept(new Packet(data, pts, pts, intervalUs, isKeyframe));
      result = avcodec.avcodec_receive_packet(codec, packet);
    }
    if (result != avutil.AVERROR_EAGAIN() && result != avutil.AVERROR_EOF()) {
      Av.check(result, Kind.ENCODER_FAILED, "encoder " + name + " gave no packet");
    }
  }

  private void sweep() {
    while (!held.isEmpty() && isReleased(held.peek())) {
      held.poll().close();
    }
  }

  private boolean isReleased(Frame frame) {
    Image image = frame.image();
    if (image.isReferenceCounted()) {
      return true;
    }
    AVBufferRef buffer = buffers.computeIfAbsent(image.avFrame(), f -> f.buf(0));
    return avutil.av_buffer_get_ref_count(buffer) == 1;
  }

  private static H264Encoder open(
      EncoderConfig config, EncoderConfig.Choice choice, ImageFormat image, double fps) {
    AVCodec codec = avcodec.avcodec_find_encoder_by_name(choice.codecName());
    if (codec == null) {
      throw new CameraException(
          Kind.ENCODER_FAILED, "encoder " + choice.codecName() + " is not in this build of FFmpeg");
    }
    AVCodecContext context = Av.checkAllocated(avcodec.avcodec_alloc_context3(codec), "an encoder");
    configure(context, config, image, fps);
    AVDictionary options = options(config, choice);
    int result = avcodec.avcodec_open2(context, codec, options);
    avutil.av_dict_free(options);
    if (result < 0) {
      avcodec.avcodec_free_context(context);
      throw new CameraException(
          Kind.ENCODER_FAILED,
          "encoder " + choice.codecName() + " cannot be opened: " + Av.text(result));
    }
    return new H264Encoder(
        context, choice.codecName(), config.gop().toNanos() / 1000, Math.round(1_000_000 / fps));
  }

  private static void configure(
      AVCodecContext context, EncoderConfig config, ImageFormat image, double fps) {
    context.width(image.width());
    context.height(image.height());
    context.pix_fmt(image.pixels().avFormat());
    context.color_range(image.isFullRange() ? avutil.AVCOL_RANGE_JPEG : avutil.AVCOL_RANGE_MPEG);
    context.time_base(Av.microseconds());
    context.framerate(avutil.av_d2q(fps, 100_000));
    context.bit_rate(config.bitrateBps());
    context.rc_max_rate(config.bitrateBps());
    context.rc_buffer_size(config.bitrateBps());
    context.max_b_frames(0);
    // Keyframes are asked for by time; this only bounds a GOP whose frames come faster than they
    // said.
    context.gop_size((int) Math.max(1, Math.round(2 * fps * config.gop().toMillis() / 1000.0)));
  }

  private static AVDictionary options(EncoderConfig config, EncoderConfig.Choice choice) {
    return switch (choice) {
      case X264 ->
          Av.options(
              "preset", config.preset(),
              "tune", "zerolatency",
              "forced-idr", "1",
              "sc_threshold", "0");
      case OPENH264 -> Av.options("allow_skip_frames", "0", "profile", "constrained_baseline");
      default -> Av.options();
    };
  }
}
