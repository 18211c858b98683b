package io.github.raspberryspy.camera.audio;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.internal.Av;
import io.github.raspberryspy.camera.source.SourceUri;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/**
 * A sound card: {@code alsa:NAME?rate=48000&channels=1&format=s16&delay=0}, where the name is one
 * of ALSA's: {@code default}, {@code hw:1,0}, {@code plughw:CARD=Device}.
 *
 * <p>Neither opening nor reading waits: a card that another program has is refused at once.
 *
 * <p>Source: FFmpeg {@code libavdevice/alsa_dec.c}.
 */
final class AlsaSource implements AudioSource {

  private final String name;
  private final int rateHz;
  private final int channels;
  private final boolean isWide; // 32 bits a sample
  private final long delayNanos;
  private AVFormatContext context;
  private AVPacket packet;

  private AlsaSource(SourceUri address) {
    this.name = address.authority().isEmpty() ? "default" : address.authority();
    this.rateHz = address.integer("rate", 48_000, 8000, 192_000);
    this.channels = address.integer("channels", 1, 1, AudioSources.MOST_CHANNELS);
    this.isWide = isWide(address);
    this.delayNanos = address.integer("delay", 0, -1000, 1000) * 1_000_000L;
  }

  static AlsaSource of(SourceUri address) {
    address.requireOnly("rate", "channels", "format", "delay");
    return new AlsaSource(address);
  }

  private static boolean isWide(SourceUri address) {
    String format = address.text("format", "s16");
    return switch (format) {
      case "s16" -> false;
      case "s32" -> true;
      default ->
          throw new CameraException(
              Kind.INVALID,
              "source "
                  + address
                  + ": key \"format\" is \""
                  + format
                  + "\"; allowed is s16 or s32");
    };
  }

  @Override
  public Shape open() {
    if (SoundCards.isAbsent(name)) { // ALSA would print that, each time anew
      throw new CameraException(
          Kind.DEVICE_ABSENT, "the sound card \"" + name + "\" is absent; " + SoundCards.listed());
    }
    AudioDevices.load();
    AVInputFormat alsa = avformat.av_find_input_format("alsa");
    if (alsa == null || alsa.isNull()) {
      throw new CameraException(
          Kind.FORMAT_UNSUPPORTED, "this build of FFmpeg knows no sound cards (ALSA)");
    }
    packet = Av.checkAllocated(avcodec.av_packet_alloc(), "a packet");
    context = Av.checkAllocated(avformat.avformat_alloc_context(), "an input");
    context.flags(context.flags() | AVFormatContext.AVFMT_FLAG_NONBLOCK);
    context.audio_codec_id(isWide ? avcodec.AV_CODEC_ID_PCM_S32LE : avcodec.AV_CODEC_ID_PCM_S16LE);
    AVDictionary options =
        Av.options("sample_rate", Integer.toString(rateHz), "channels", Integer.toString(channels));
    int result = avformat.avformat_open_input(context, name, alsa, options);
    avutil.av_dict_free(options);
    if (result < 0) {
      context = null; // avformat_open_input has freed it
      throw new CameraException(Kind.DEVICE_ABSENT, refusal());
    }
    AVCodecParameters parameters = context.streams(0).codecpar();
    return new Shape(parameters.sample_rate(), channels, delayNanos);
  }

  @Override
  public boolean read(AudioBlock into) {
    int result = avformat.av_read_frame(context, packet);
    if (result == avutil.AVERROR_EAGAIN()) {
      return false;
    }
    if (result < 0) {
      throw new CameraException(
          Kind.DEVICE_TIMEOUT, "the sound card \"" + name + "\" broke off: " + Av.text(result));
    }
    try (BytePointer data = packet.data()) {
      ByteBuffer bytes = data.capacity(packet.size()).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      while (bytes.remaining() >= (isWide ? 4 : 2)) {
        into.add(isWide ? bytes.getInt() * 0x1p-31f : bytes.getShort() * 0x1p-15f);
      }
    }
    avcodec.av_packet_unref(packet);
    return true;
  }

  @Override
  public void close() {
    if (context != null) {
      avformat.avformat_close_input(context);
      context = null;
    }
    if (packet != null) {
      avcodec.av_packet_free(packet);
      packet = null;
    }
  }

  /** FFmpeg does not pass on why; what there is helps more anyhow. */
  private String refusal() {
    return "the sound card \""
        + name
        + "\" cannot be opened for "
        + channels
        + (channels == 1 ? " channel" : " channels")
        + " of "
        + (isWide ? "32" : "16")
        + " bits at "
        + rateHz
        + " Hz: another program has it, or it cannot do that (plughw: in place of hw:"
        + " converts); "
        + SoundCards.listed();
  }
}
