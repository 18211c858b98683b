package io.github.raspberryspy.camera.clip;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.internal.Av;
import io.github.raspberryspy.camera.internal.Natives;
import io.github.raspberryspy.camera.internal.PacketBytes;
import io.github.raspberryspy.segments.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/**
 * An MP4 file as every player takes it: not fragmented, its index in front of the media. It is
 * written beside its place, and has its name only once it is finished: a file that is closed before
 * leaves nothing.
 *
 * <p>Recordings are made by {@link io.github.raspberryspy.camera.record}: this is for what is
 * handed on. For one thread. Source: FFmpeg {@code libavformat/movenc.c}, {@code faststart}.
 */
public final class Mp4File implements AutoCloseable {

  private static final int INPUT_PADDING = 64;

  static {
    Natives.load();
  }

  private final Path target;
  private final Path unfinished;
  private final AVFormatContext context = new AVFormatContext(null);
  private final AVPacket packet = Av.checkAllocated(avcodec.av_packet_alloc(), "a packet");
  private final PacketBytes packetBytes = new PacketBytes(packet);
  private final AVRational microseconds = Av.microseconds();
  private long[] lastDts = {};
  private boolean hasBegun;
  private boolean isClosed;

  private Mp4File(Path target) {
    this.target = target;
    this.unfinished = target.resolveSibling(target.getFileName() + ".tmp");
    int result =
        avformat.avformat_alloc_output_context2(context, null, "mp4", "file:" + unfinished);
    Av.check(result, Kind.BUG, "the MP4 muxer");
  }

  /**
   * Begins a file of H.264 that {@link #add(Packet) is added} packet by packet.
   *
   * @param target where it is to be; what is there is replaced
   * @param parameterSets SPS and PPS with start codes
   * @throws CameraException of kind DISK_FAILED, if it cannot be written
   */
  public static Mp4File create(Path target, int width, int height, byte[] parameterSets) {
    Mp4File file = new Mp4File(target);
    try {
      AVCodecParameters parameters = file.addStream().codecpar();
      parameters.codec_type(avutil.AVMEDIA_TYPE_VIDEO);
      parameters.codec_id(avcodec.AV_CODEC_ID_H264);
      parameters.width(width);
      parameters.height(height);
      int size = parameterSets.length;
      BytePointer extra = new BytePointer(avutil.av_mallocz(size + INPUT_PADDING));
      extra.put(parameterSets, 0, size);
      parameters.extradata(extra);
      parameters.extradata_size(size);
      file.begin();
      return file;
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Begins a file with the streams of another: what {@link #copy} then brings. */
  static Mp4File like(Path target, AVStream... streams) {
    Mp4File file = new Mp4File(target);
    try {
      for (AVStream stream : streams) {
        AVCodecParameters parameters = file.addStream().codecpar();
        Av.check(
            avcodec.avcodec_parameters_copy(parameters, stream.codecpar()),
            Kind.BUG,
            "a stream's parameters");
        parameters.codec_tag(0); // another container's
      }
      file.begin();
      return file;
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Where it is to be. */
  public Path target() {
    return target;
  }

  /** Adds an access unit; the first is to have the time 0. */
  public void add(Packet unit) {
    int size = unit.sizeBytes();
    Av.check(avcodec.av_new_packet(packet, size), Kind.BUG, "memory for a packet");
    packetBytes.copyFrom(unit.array());
    packet.pts(unit.ptsUs()).dts(unit.dtsUs()).duration(unit.durationUs());
    packet.flags(unit.isKeyframe() ? avcodec.AV_PKT_FLAG_KEY : 0);
    write(0);
  }

  /**
   * Adds a packet of FFmpeg's, which stays the caller's.
   *
   * @param stream number of the stream, in the order in which they were given
   * @param offsetUs what is subtracted from its times, which are microseconds
   */
  void copy(AVPacket from, int stream, long offsetUs) {
    Av.check(avcodec.av_packet_ref(packet, from), Kind.BUG, "memory for a packet");
    packet.pts(from.pts() - offsetUs).dts(from.dts() - offsetUs);
    write(stream);
  }

  /**
   * Completes the file, makes it durable, and gives it its name.
   *
   * @throws CameraException of kind DISK_FAILED, if it cannot be written
   */
  public void finish() throws IOException {
    check(avformat.av_write_trailer(context));
    check(closeOutput());
    DurableFiles.sync(unfinished);
    DurableFiles.rename(unfinished, target);
  }

  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    closeOutput();
    avcodec.av_packet_free(packet);
    avformat.avformat_free_context(context);
    try {
      Files.deleteIfExists(unfinished);
    } catch (IOException e) {
      throw new CameraException(Kind.DISK_FAILED, unfinished + " cannot be deleted", e);
    }
  }

  private AVStream addStream() {
    return Av.checkAllocated(avformat.avformat_new_stream(context, null), "a stream");
  }

  private void begin() {
    for (int i = 0; i < context.nb_streams(); i++) {
      AVStream stream = context.streams(i);
      int rate = stream.codecpar().sample_rate();
      stream.time_base(rate > 0 ? avutil.av_make_q(1, rate) : Av.microseconds());
    }
    AVIOContext out = new AVIOContext(null);
    check(avformat.avio_open(out, "file:" + unfinished, avformat.AVIO_FLAG_WRITE));
    context.pb(out);
    AVDictionary options = Av.options("movflags", "faststart");
    int result = avformat.avformat_write_header(context, options);
    avutil.av_dict_free(options);
    check(result);
    hasBegun = true;
    lastDts = new long[context.nb_streams()];
    Arrays.fill(lastDts, Long.MIN_VALUE);
  }

  /** Files that are put behind each other may overlap by a rounding error: time goes on. */
  private void write(int stream) {
    packet.stream_index(stream);
    avcodec.av_packet_rescale_ts(packet, microseconds, context.streams(stream).time_base());
    if (packet.dts() <= lastDts[stream]) {
      packet.dts(lastDts[stream] + 1);
      packet.pts(Math.max(packet.pts(), packet.dts()));
    }
    lastDts[stream] = packet.dts();
    check(avformat.av_interleaved_write_frame(context, packet)); // which takes it over
    check(context.pb().error());
  }

  private int closeOutput() {
    AVIOContext out = context.pb();
    context.pb(null);
    return out == null || out.isNull() ? 0 : avformat.avio_close(out);
  }

  private void check(int result) {
    if (result < 0) {
      boolean isMedia = hasBegun && result == avutil.AVERROR_INVALIDDATA();
      throw new CameraException(
          isMedia ? Kind.CORRUPT : Kind.DISK_FAILED,
          "writing " + target + " failed: " + Av.text(result));
    }
  }
}
