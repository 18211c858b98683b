package io.github.raspberryspy.camera.audio;

import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.internal.Av;
import io.github.raspberryspy.camera.internal.Natives;
import org.bytedeco.ffmpeg.avutil.AVChannelLayout;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swresample;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Makes of a card's samples those of a track: rate, number of channels, and a little faster or
 * slower where the card's clock is not the computer's. For one thread.
 *
 * <p>Source: FFmpeg {@code libswresample/swresample.h}, {@code swr_set_compensation}.
 */
final class AudioResampler implements AutoCloseable {

  static {
    Natives.load();
    Loader.load(swresample.class);
  }

  private final SwrContext context = new SwrContext(null);
  private final PointerPointer<FloatPointer> planesIn = new PointerPointer<>(1);
  private final PointerPointer<FloatPointer> planesOut = new PointerPointer<>(1);
  private final AudioSource.Shape shape;
  private final int channels;
  private FloatPointer in = new FloatPointer(0);
  private FloatPointer out = new FloatPointer(0);
  private float[] result = new float[0];

  /**
   * A resampler.
   *
   * @param channels of the track
   */
  AudioResampler(AudioSource.Shape shape, int channels) {
    this.shape = shape;
    this.channels = channels;
    try (AVChannelLayout from = new AVChannelLayout();
        AVChannelLayout to = new AVChannelLayout()) {
      avutil.av_channel_layout_default(from, shape.channels());
      avutil.av_channel_layout_default(to, channels);
      Av.check(
          swresample.swr_alloc_set_opts2(
              context,
              to,
              avutil.AV_SAMPLE_FMT_FLT,
              AudioTrack.RATE_HZ,
              from,
              avutil.AV_SAMPLE_FMT_FLT,
              shape.rateHz(),
              0,
              null),
          Kind.BUG,
          "a resampler");
    }
    // Else it would begin to resample with the first correction, and click.
    avutil.av_opt_set_int(context, "flags", swresample.SWR_FLAG_RESAMPLE, 0);
    Av.check(swresample.swr_init(context), Kind.FORMAT_UNSUPPORTED, "resampling the card's sound");
  }

  /**
   * Resamples a block from one of its samples on. What comes out is in {@link #result}.
   *
   * @param skip samples of each channel that are left out at its beginning
   * @return number of samples of each channel that have come out
   */
  int resample(AudioBlock block, int skip) {
    int count = block.size() / shape.channels() - skip;
    if (in.capacity() < (long) count * shape.channels()) {
      in.close();
      in = new FloatPointer((long) count * shape.channels());
      planesIn.put(0, in);
    }
    in.put(block.samples(), skip * shape.channels(), count * shape.channels());
    int room = swresample.swr_get_out_samples(context, count) + 256;
    if (out.capacity() < (long) room * channels) {
      out.close();
      out = new FloatPointer((long) room * channels);
      planesOut.put(0, out);
      result = new float[room * channels];
    }
    int made =
        Av.check(
            swresample.swr_convert(context, planesOut, room, planesIn, count),
            Kind.BUG,
            "resampling");
    out.get(result, 0, made * channels);
    return made;
  }

  /** What came out last: the samples of all channels side by side. */
  float[] result() {
    return result;
  }

  /** Samples of the track that are still in it. */
  long inside() {
    return swresample.swr_get_delay(context, AudioTrack.RATE_HZ);
  }

  /** Spreads so many more (or fewer) samples over the next second. */
  void compensate(int samples) {
    Av.check(
        swresample.swr_set_compensation(context, samples, AudioTrack.RATE_HZ),
        Kind.BUG,
        "keeping sound in step");
  }

  @Override
  public void close() {
    swresample.swr_free(context);
    planesIn.close();
    planesOut.close();
    in.close();
    out.close();
  }
}
