package io.github.raspberryspy.camera.audio;

import io.github.raspberryspy.camera.internal.Av;
import io.github.raspberryspy.camera.internal.Natives;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;

/** The sound of a file as a player hears it: decoded by FFmpeg, the first channel of it. */
public final class HeardSound {

  private final float[] samples;
  private final double startSeconds;
  private final List<long[]> packets; // start and duration of each, ticks of 48 kHz

  private HeardSound(float[] samples, double startSeconds, List<long[]> packets) {
    this.samples = samples;
    this.startSeconds = startSeconds;
    this.packets = packets;
  }

  /** One made by hand, for its own test and for sound that was never in a file. */
  public static HeardSound of(float[] samples) {
    return new HeardSound(samples, 0, List.of());
  }

  /** Decodes the sound of a file. */
  public static HeardSound of(Path file) throws IOException {
    Natives.load();
    AVFormatContext input = new AVFormatContext(null);
    if (avformat.avformat_open_input(input, file.toString(), null, (AVDictionary) null) < 0) {
      throw new IOException(file + " cannot be opened");
    }
    try {
      avformat.avformat_find_stream_info(input, (AVDictionary) null);
      AVCodec decoder = new AVCodec(null);
      int index =
          avformat.av_find_best_stream(input, avutil.AVMEDIA_TYPE_AUDIO, -1, -1, decoder, 0);
      if (index < 0) {
        throw new IOException(file + " has no sound");
      }
      return decode(input, input.streams(index), decoder);
    } finally {
      avformat.avformat_close_input(input);
    }
  }

  private static HeardSound decode(AVFormatContext input, AVStream stream, AVCodec decoder) {
    AVCodecContext codec = avcodec.avcodec_alloc_context3(decoder);
    avcodec.avcodec_parameters_to_context(codec, stream.codecpar());
    codec.pkt_timebase(stream.time_base());
    AVPacket packet = avcodec.av_packet_alloc();
    AVFrame frame = avutil.av_frame_alloc();
    Floats floats = new Floats();
    List<long[]> packets = new ArrayList<>();
    double start = Double.NaN;
    try {
      Av.check(
          avcodec.avcodec_open2(codec, decoder, (AVDictionary) null),
          io.github.raspberryspy.camera.CameraException.Kind.BUG,
          "a decoder");
      while (avformat.av_read_frame(input, packet) >= 0) {
        if (packet.stream_index() == stream.index()) {
          packets.add(new long[] {packet.pts(), packet.duration()});
          avcodec.avcodec_send_packet(codec, packet);
          while (avcodec.avcodec_receive_frame(codec, frame) >= 0) {
            if (Double.isNaN(start)) {
              start = frame.pts() * avutil.av_q2d(stream.time_base());
            }
            floats.add(frame);
          }
        }
        avcodec.av_packet_unref(packet);
      }
    } finally {
      avutil.av_frame_free(frame);
      avcodec.av_packet_free(packet);
      avcodec.avcodec_free_context(codec);
    }
    return new HeardSound(floats.all(), start, packets);
  }

  /** When the first sample is heard, in the file's time. */
  public double startSeconds() {
    return startSeconds;
  }

  /** When the last sample has been heard. */
  public double endSeconds() {
    return startSeconds + (double) samples.length / AudioTrack.RATE_HZ;
  }

  /** Start and duration of each packet, ticks of 48 kHz. */
  public List<long[]> packets() {
    return packets;
  }

  /** The samples. */
  public float[] samples() {
    return samples;
  }

  /** How loud a frequency is in a stretch of time: the amplitude of a sine. */
  public double loudness(double hz, double fromSeconds, double seconds) {
    int from = (int) Math.round((fromSeconds - startSeconds) * AudioTrack.RATE_HZ);
    int count = (int) Math.round(seconds * AudioTrack.RATE_HZ);
    double sine = 0;
    double cosine = 0;
    for (int i = 0; i < count; i++) {
      double sample = from + i >= 0 && from + i < samples.length ? samples[from + i] : 0;
      double phase = 2 * Math.PI * hz * i / AudioTrack.RATE_HZ;
      sine += sample * Math.sin(phase);
      cosine += sample * Math.cos(phase);
    }
    return 2 * Math.hypot(sine, cosine) / count;
  }

  /** The loudest thing in a stretch of time. */
  public double peak(double fromSeconds, double seconds) {
    int from = (int) Math.round((fromSeconds - startSeconds) * AudioTrack.RATE_HZ);
    double peak = 0;
    for (int i = Math.max(0, from);
        i < Math.min(samples.length, from + seconds * AudioTrack.RATE_HZ);
        i++) {
      peak = Math.max(peak, Math.abs(samples[i]));
    }
    return peak;
  }

  /** When each beep of this frequency begins: where its loudness passes half of its height. */
  public List<Double> beeps(double hz) {
    double step = 0.001;
    double window = 0.004; // a whole number of periods of any multiple of 250 Hz
    List<Double> found = new ArrayList<>();
    boolean isOn = false;
    for (double t = startSeconds; t + window < endSeconds(); t += step) {
      boolean on = loudness(hz, t, window) > 0.25;
      if (on && !isOn) {
        found.add(t + window / 2);
      }
      isOn = on;
    }
    return found;
  }

  private static final class Floats {
    private float[] samples = new float[48_000];
    private int size;

    void add(AVFrame frame) {
      int count = frame.nb_samples();
      int channels = frame.ch_layout().nb_channels();
      boolean isPlanar = frame.format() == avutil.AV_SAMPLE_FMT_FLTP;
      int step = isPlanar ? 1 : channels;
      float[] read = new float[count * step];
      try (BytePointer data = frame.data(0);
          FloatPointer floats = new FloatPointer(data)) {
        floats.get(read);
      }
      while (size + count > samples.length) {
        samples = Arrays.copyOf(samples, 2 * samples.length);
      }
      for (int i = 0; i < count; i++) {
        samples[size++] = read[i * step];
      }
    }

    float[] all() {
      return Arrays.copyOf(samples, size);
    }
  }
}
