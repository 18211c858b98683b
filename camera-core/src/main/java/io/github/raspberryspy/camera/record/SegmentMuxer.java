package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.audio.AudioCodec;
import io.github.raspberryspy.camera.audio.AudioPacket;
import io.github.raspberryspy.camera.audio.AudioParameters;
import io.github.raspberryspy.camera.audio.AudioTrack;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.internal.Av;
import io.github.raspberryspy.camera.internal.Natives;
import io.github.raspberryspy.camera.internal.PacketBytes;
import java.nio.ByteBuffer;
import java.util.Optional;
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
 * Makes fragmented MP4 of packets, in memory: first the initialisation part, then a fragment at a
 * time. It decides nothing about time or files. For one thread.
 *
 * <p>Source: FFmpeg {@code libavformat/movenc.c}, {@code frag_custom}; ISO/IEC 14496-12.
 */
final class SegmentMuxer implements AutoCloseable {

  private static final int INPUT_PADDING = 64;

  private final AVFormatContext context;
  private final AVStream stream;
  private final Optional<AVStream> soundStream;
  private final AVPacket packet = Av.checkAllocated(avcodec.av_packet_alloc(), "a packet");
  private final PacketBytes packetBytes = new PacketBytes(packet);
  private final AVRational microseconds = Av.microseconds();
  private final AVRational streamTime; // known once the header is written
  private BytePointer bytes; // what the last endPart() brought, FFmpeg's memory

  /**
   * Begins a file.
   *
   * @param parameterSets SPS and PPS with start codes
   * @param sound what is heard with it; empty for nothing
   */
  SegmentMuxer(int width, int height, byte[] parameterSets, Optional<AudioParameters> sound) {
    Natives.load();
    context = new AVFormatContext(null);
    Av.check(
        avformat.avformat_alloc_output_context2(context, null, "mp4", (String) null),
        Kind.BUG,
        "the MP4 muxer");
    stream = Av.checkAllocated(avformat.avformat_new_stream(context, null), "a stream");
    stream.time_base(Av.microseconds());
    AVCodecParameters parameters = stream.codecpar();
    parameters.codec_type(avutil.AVMEDIA_TYPE_VIDEO);
    parameters.codec_id(avcodec.AV_CODEC_ID_H264);
    parameters.width(width);
    parameters.height(height);
    configure(parameters, parameterSets);
    soundStream = sound.map(this::soundStream);
    beginPart();
    String flags = "frag_custom+empty_moov+default_base_moof+skip_trailer";
    AVDictionary options = Av.options("movflags", flags, "brand", "iso6");
    if (sound.isPresent()) {
      // Sound begins a little after the pictures. Without these its first packet would be made
      // longer, to begin with them.
      avutil.av_dict_set(options, "movflags", flags + "+frag_discont", 0);
      avutil.av_dict_set(options, "use_editlist", "0", 0);
      context.avoid_negative_ts(AVFormatContext.AVFMT_AVOID_NEG_TS_DISABLED);
    }
    int result = avformat.avformat_write_header(context, options);
    avutil.av_dict_free(options);
    if (result < 0) {
      close(); // nobody else can
    }
    Av.check(result, Kind.CORRUPT, "the stream's parameter sets make no MP4 header");
    streamTime = stream.time_base();
  }

  private AVStream soundStream(AudioParameters sound) {
    AVStream added = Av.checkAllocated(avformat.avformat_new_stream(context, null), "a stream");
    added.time_base(avutil.av_make_q(1, AudioTrack.RATE_HZ));
    AVCodecParameters parameters = added.codecpar();
    parameters.codec_type(avutil.AVMEDIA_TYPE_AUDIO);
    parameters.codec_id(
        sound.codec() == AudioCodec.AAC ? avcodec.AV_CODEC_ID_AAC : avcodec.AV_CODEC_ID_OPUS);
    parameters.sample_rate(AudioTrack.RATE_HZ);
    parameters.frame_size(sound.frameSamples());
    avutil.av_channel_layout_default(parameters.ch_layout(), sound.channels());
    configure(parameters, sound.configuration());
    return added;
  }

  private static void configure(AVCodecParameters parameters, byte[] configuration) {
    BytePointer extra = new BytePointer(avutil.av_mallocz(configuration.length + INPUT_PADDING));
    extra.put(configuration, 0, configuration.length);
    parameters.extradata(extra);
    parameters.extradata_size(configuration.length);
  }

  /**
   * Adds an access unit to the current fragment.
   *
   * @param offsetUs what is subtracted from its times
   * @param durationUs how long it is shown
   */
  void add(Packet unit, long offsetUs, long durationUs) {
    fill(unit.array(), stream);
    packet.pts(unit.ptsUs() - offsetUs);
    packet.dts(unit.dtsUs() - offsetUs);
    packet.duration(durationUs);
    packet.flags(unit.isKeyframe() ? avcodec.AV_PKT_FLAG_KEY : 0);
    avcodec.av_packet_rescale_ts(packet, microseconds, streamTime);
    write();
  }

  /**
   * Adds a packet of sound to the current fragment, of a file that has sound and a picture already.
   *
   * @param startSample when it is heard, {@link AudioTrack#RATE_HZ} a second since the first
   *     picture is decoded
   */
  void add(AudioPacket sound, long startSample) {
    AVStream to = soundStream.orElseThrow();
    fill(sound.array(), to);
    packet.pts(startSample);
    packet.dts(startSample);
    packet.duration(sound.samples());
    packet.flags(avcodec.AV_PKT_FLAG_KEY);
    write();
  }

  private void fill(byte[] bytesOfIt, AVStream of) {
    Av.check(avcodec.av_new_packet(packet, bytesOfIt.length), Kind.BUG, "memory for a packet");
    packetBytes.copyFrom(bytesOfIt);
    packet.stream_index(of.index());
  }

  private void write() {
    int result = avformat.av_write_frame(context, packet);
    avcodec.av_packet_unref(packet);
    Av.check(result, Kind.CORRUPT, "a packet does not fit into the MP4 file");
  }

  /**
   * Ends the initialisation part (the first call) or the current fragment.
   *
   * @return its bytes, in native memory that is valid until the next call; empty where nothing was
   *     added
   */
  ByteBuffer endPart() {
    Av.check(avformat.av_write_frame(context, (AVPacket) null), Kind.BUG, "the MP4 muxer");
    release();
    BytePointer out = new BytePointer((BytePointer) null);
    int size = avformat.avio_close_dyn_buf(context.pb(), out);
    bytes = out;
    beginPart();
    return size == 0 ? ByteBuffer.allocate(0) : bytes.limit(size).asByteBuffer();
  }

  @Override
  public void close() {
    release();
    BytePointer rest = new BytePointer((BytePointer) null);
    avformat.avio_close_dyn_buf(context.pb(), rest);
    avutil.av_free(rest);
    context.pb(null);
    avcodec.av_packet_free(packet);
    avformat.avformat_free_context(context);
  }

  private void beginPart() {
    AVIOContext part = new AVIOContext(null);
    Av.check(avformat.avio_open_dyn_buf(part), Kind.BUG, "memory for a fragment");
    context.pb(part);
  }

  private void release() {
    if (bytes != null) {
      avutil.av_free(bytes.position(0));
      bytes = null;
    }
  }
}
