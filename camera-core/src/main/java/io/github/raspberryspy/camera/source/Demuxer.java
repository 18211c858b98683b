package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.ImageFormat;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.internal.Av;
import io.github.raspberryspy.camera.internal.Natives;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Pointer;

/**
 * One open input of FFmpeg's and its video stream. Packets come out with times in microseconds.
 *
 * <p>For one thread, but for {@link #stop}.
 */
final class Demuxer implements AutoCloseable {

  /** What a read brought. */
  enum Read {
    PACKET,
    /** Only once sound was asked for. */
    SOUND,
    NOTHING_YET,
    END
  }

  private static final long BEFORE_START_US = 10_000_000;
  private static final long ANSWER_NANOS = 10_000_000_000L;

  private final DemuxSpec spec;
  private final Interrupt interrupt = new Interrupt();
  private volatile boolean stopped; // set by stop() on any thread
  private long ticket; // once opened
  private AVFormatContext context;
  private AVStream stream;
  private AVRational streamTime;
  private AVStream sound;
  private AVRational soundTime; // null where no sound was asked for
  private AVRational microseconds;

  Demuxer(DemuxSpec spec) {
    this.spec = spec;
  }

  /** When a wait of FFmpeg's is over. */
  private final class Interrupt {
    private volatile long deadline; // read by whatever thread of FFmpeg's waits

    boolean isDue() {
      return stopped || System.nanoTime() - deadline > 0;
    }

    void expectAnswer() {
      deadline = System.nanoTime() + ANSWER_NANOS;
    }
  }

  /**
   * Called by FFmpeg while it waits: non-zero gives up. One for all inputs, which it tells apart by
   * the number that each gives FFmpeg in place of a pointer: native code has room for ten callbacks
   * of a kind, and an eleventh would be none. Lives as long as the process.
   */
  private static final class Interrupts extends AVIOInterruptCB.Callback_Pointer {
    private static final Interrupts SHARED = new Interrupts();

    private final ConcurrentHashMap<Long, Interrupt> waits = new ConcurrentHashMap<>();
    private final AtomicLong latest = new AtomicLong();

    /** A number that is no address: nobody looks there. */
    private static final class Ticket extends Pointer {
      Ticket(long number) {
        this.address = number;
      }
    }

    long admit(Interrupt interrupt) {
      long number = latest.incrementAndGet();
      waits.put(number, interrupt);
      return number;
    }

    void dismiss(long number) {
      waits.remove(number);
    }

    @Override
    public int call(Pointer opaque) {
      Interrupt interrupt = opaque == null ? null : waits.get(opaque.address());
      return interrupt == null || interrupt.isDue() ? 1 : 0;
    }
  }

  void open() {
    Natives.load();
    ticket = Interrupts.SHARED.admit(interrupt);
    AVInputFormat format =
        spec.format().isEmpty() ? null : avformat.av_find_input_format(spec.format());
    context = Av.checkAllocated(avformat.avformat_alloc_context(), "an input");
    context.interrupt_callback().callback(Interrupts.SHARED).opaque(new Interrupts.Ticket(ticket));
    AVDictionary options = Av.options(spec.options().toArray(String[]::new));
    interrupt.expectAnswer();
    int result = avformat.avformat_open_input(context, spec.address(), format, options);
    avutil.av_dict_free(options);
    if (result < 0) {
      context = null; // avformat_open_input has freed it
      throw refused(result);
    }
    interrupt.expectAnswer();
    if (avformat.avformat_find_stream_info(context, (AVDictionary) null) < 0) {
      throw new CameraException(Kind.CORRUPT, spec.name() + " holds no readable stream");
    }
    int index =
        avformat.av_find_best_stream(context, avutil.AVMEDIA_TYPE_VIDEO, -1, -1, (AVCodec) null, 0);
    if (index < 0) {
      throw new CameraException(Kind.INVALID, spec.name() + " holds no video");
    }
    stream = context.streams(index);
    streamTime = stream.time_base();
    microseconds = Av.microseconds();
    if (width() < 1 || height() < 1) {
      throw new CameraException(
          Kind.CORRUPT, spec.name() + " holds a video without a picture size");
    }
  }

  AVStream stream() {
    return stream;
  }

  int width() {
    return stream.codecpar().width();
  }

  int height() {
    return stream.codecpar().height();
  }

  boolean isH264() {
    return stream.codecpar().codec_id() == avcodec.AV_CODEC_ID_H264;
  }

  /** What the decoded pictures look like, as well as the stream says. */
  Optional<ImageFormat> image() {
    AVCodecParameters p = stream.codecpar();
    return PixelFormat.of(p.format())
        .map(
            pixels ->
                new ImageFormat(
                    p.width(),
                    p.height(),
                    pixels,
                    p.color_range() == avutil.AVCOL_RANGE_JPEG || pixels.avFormat() != p.format()));
  }

  /** Nominal frames per second, as well as the stream says. */
  double fps() {
    AVRational rate = avformat.av_guess_frame_rate(context, stream, null);
    double fps = rate.den() == 0 ? 0 : avutil.av_q2d(rate);
    return fps > 0 && fps <= 1000 ? fps : 25;
  }

  /**
   * Reads the next packet of the video stream into {@code packet}, which the caller unreferences.
   */
  Read read(AVPacket packet) {
    interrupt.expectAnswer();
    int result = avformat.av_read_frame(context, packet);
    if (result == avutil.AVERROR_EOF()) {
      return Read.END;
    }
    if (result == avutil.AVERROR_EAGAIN()) {
      return Read.NOTHING_YET;
    }
    if (result < 0) {
      if (stopped) {
        return Read.END;
      }
      throw new CameraException(
          spec.isLive() ? Kind.DEVICE_TIMEOUT : Kind.CORRUPT,
          spec.name() + " broke off: " + Av.text(result));
    }
    if (packet.stream_index() == stream.index()) {
      avcodec.av_packet_rescale_ts(packet, streamTime, microseconds);
      return Read.PACKET;
    }
    if (soundTime != null && packet.stream_index() == sound.index()) {
      avcodec.av_packet_rescale_ts(packet, soundTime, microseconds);
      return Read.SOUND;
    }
    avcodec.av_packet_unref(packet);
    return Read.NOTHING_YET;
  }

  /** From now on packets of sound are read too, where there is any: the stream of it. */
  Optional<AVStream> withSound() {
    int index =
        avformat.av_find_best_stream(
            context, avutil.AVMEDIA_TYPE_AUDIO, -1, stream.index(), (AVCodec) null, 0);
    if (index < 0) {
      return Optional.empty();
    }
    sound = context.streams(index);
    soundTime = sound.time_base();
    return Optional.of(sound);
  }

  /** How long the file says that it is, microseconds; 0 where it says nothing. */
  long durationUs() {
    return Math.max(0, context.duration());
  }

  void rewind() {
    // Not "as early as can be": that overflows in MP4 files with B-frames, and arrives at their
    // end.
    // Before the start, for decoding starts before presentation; not every format takes that.
    long start =
        context.start_time() == avutil.AV_NOPTS_VALUE ? 0 : Math.max(0, context.start_time());
    if (seek(start - BEFORE_START_US) < 0) {
      Av.check(
          seek(start), Kind.INVALID, spec.name() + " cannot be looped, for it cannot be rewound");
    }
  }

  private int seek(long us) {
    return avformat.avformat_seek_file(
        context, -1, Long.MIN_VALUE, us, Long.MAX_VALUE, avformat.AVSEEK_FLAG_BACKWARD);
  }

  void stop() {
    stopped = true;
  }

  boolean isStopped() {
    return stopped;
  }

  @Override
  public void close() {
    if (context != null) {
      avformat.avformat_close_input(context);
      context = null;
    }
    Interrupts.SHARED.dismiss(ticket);
  }

  private CameraException refused(int result) {
    if (stopped) {
      return new CameraException(Kind.CANCELLED, spec.name() + " was told to stop while it opened");
    }
    if (result == avutil.AVERROR_EXIT()) {
      return new CameraException(Kind.DEVICE_TIMEOUT, spec.name() + " did not answer within 10 s");
    }
    if (!spec.isLive() || spec.paced()) {
      return new CameraException(
          Kind.INVALID, spec.name() + " cannot be opened: " + Av.text(result));
    }
    return new CameraException(
        Kind.DEVICE_ABSENT, spec.name() + " cannot be opened: " + Av.text(result));
  }
}
