package io.github.raspberryspy.camera.audio;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.internal.Av;
import io.github.raspberryspy.camera.internal.Natives;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Encodes sound of {@link AudioTrack#RATE_HZ} in one channel or two. For one thread.
 *
 * <p>Source: FFmpeg {@code libavcodec/encode.c}; {@code initial_padding} is what the encoder puts
 * in front.
 */
final class AudioEncoder implements AutoCloseable {

  private final AVCodecContext codec;
  private final AVFrame frame = Av.checkAllocated(avutil.av_frame_alloc(), "a frame of sound");
  private final AVPacket packet = Av.checkAllocated(avcodec.av_packet_alloc(), "a packet");
  private final AudioParameters parameters;
  private final boolean isPlanar;
  private final float[] waiting; // interleaved
  private int waitingSamples; // of each channel
  private long fed;

  private AudioEncoder(AVCodecContext codec, AudioParameters parameters) {
    this.codec = codec;
    this.parameters = parameters;
    this.isPlanar = codec.sample_fmt() == avutil.AV_SAMPLE_FMT_FLTP;
    this.waiting = new float[parameters.frameSamples() * parameters.channels()];
    frame.format(codec.sample_fmt());
    frame.nb_samples(parameters.frameSamples());
    frame.sample_rate(AudioTrack.RATE_HZ);
    avutil.av_channel_layout_default(frame.ch_layout(), parameters.channels());
    Av.check(avutil.av_frame_get_buffer(frame, 0), Kind.BUG, "memory for sound");
  }

  /**
   * Opens an encoder.
   *
   * @param channels 1 or 2
   * @throws CameraException of kind ENCODER_FAILED
   */
  static AudioEncoder open(AudioConfig config, int channels) {
    Natives.load();
    String name = config.codec().encoder();
    AVCodec found = avcodec.avcodec_find_encoder_by_name(name);
    if (found == null) {
      throw new CameraException(
          Kind.ENCODER_FAILED, "this build of FFmpeg has no encoder for sound called " + name);
    }
    AVCodecContext context = Av.checkAllocated(avcodec.avcodec_alloc_context3(found), "an encoder");
    context.sample_rate(AudioTrack.RATE_HZ);
    context.time_base(avutil.av_make_q(1, AudioTrack.RATE_HZ));
    context.bit_rate(config.bitrateBps());
    avutil.av_channel_layout_default(context.ch_layout(), channels);
    context.sample_fmt(
        config.codec() == AudioCodec.AAC ? avutil.AV_SAMPLE_FMT_FLTP : avutil.AV_SAMPLE_FMT_FLT);
    context.flags(context.flags() | avcodec.AV_CODEC_FLAG_GLOBAL_HEADER);
    context.thread_count(1);
    int result = avcodec.avcodec_open2(context, found, (AVDictionary) null);
    if (result < 0) {
      avcodec.avcodec_free_context(context);
      throw new CameraException(
          Kind.ENCODER_FAILED,
          "the encoder "
              + name
              + " does not take "
              + channels
              + " channels of sound at "
              + config.bitrateBps()
              + " bit/s: "
              + Av.text(result));
    }
    byte[] configuration = new byte[context.extradata_size()];
    if (configuration.length > 0) {
      context.extradata().get(configuration);
    }
    AudioParameters parameters =
        new AudioParameters(
            config.codec(),
            channels,
            context.frame_size(),
            context.initial_padding(),
            configuration);
    return new AudioEncoder(context, parameters);
  }

  AudioParameters parameters() {
    return parameters;
  }

  /**
   * Encodes samples, those of all channels side by side.
   *
   * @param samples of each channel
   */
  void encode(float[] interleaved, int samples, Consumer<AudioPacket> into) {
    int channels = parameters.channels();
    int done = 0;
    while (done < samples) {
      int taken = Math.min(samples - done, parameters.frameSamples() - waitingSamples);
      System.arraycopy(
          interleaved, done * channels, waiting, waitingSamples * channels, taken * channels);
      waitingSamples += taken;
      done += taken;
      if (waitingSamples == parameters.frameSamples()) {
        encodeFrame(into);
      }
    }
  }

  @Override
  public void close() {
    avcodec.av_packet_free(packet);
    avutil.av_frame_free(frame);
    avcodec.avcodec_free_context(codec);
  }

  private void encodeFrame(Consumer<AudioPacket> into) {
    Av.check(avutil.av_frame_make_writable(frame), Kind.BUG, "memory for sound");
    fill();
    frame.pts(fed);
    fed += waitingSamples;
    waitingSamples = 0;
    Av.check(avcodec.avcodec_send_frame(codec, frame), Kind.ENCODER_FAILED, "encoding sound");
    while (true) {
      int result = avcodec.avcodec_receive_packet(codec, packet);
      if (result == avutil.AVERROR_EAGAIN()) {
        return;
      }
      Av.check(result, Kind.ENCODER_FAILED, "encoding sound");
      byte[] data = new byte[packet.size()];
      packet.data().get(data);
      into.accept(new AudioPacket(data, packet.pts(), parameters.frameSamples()));
      avcodec.av_packet_unref(packet);
    }
  }

  private void fill() {
    int channels = parameters.channels();
    if (!isPlanar || channels == 1) {
      put(0, waiting, waitingSamples * channels);
      return;
    }
    float[] plane = new float[waitingSamples];
    for (int channel = 0; channel < channels; channel++) {
      for (int i = 0; i < waitingSamples; i++) {
        plane[i] = waiting[i * channels + channel];
      }
      put(channel, plane, waitingSamples);
    }
  }

  private void put(int plane, float[] values, int count) {
    try (BytePointer data = frame.data(plane);
        FloatPointer floats = new FloatPointer(data)) {
      floats.put(values, 0, count);
    }
  }
}
