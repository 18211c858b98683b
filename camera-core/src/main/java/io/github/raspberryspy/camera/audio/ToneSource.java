package io.github.raspberryspy.camera.audio;

import io.github.raspberryspy.camera.source.SourceUri;
import java.util.function.LongSupplier;

/**
 * A microphone in front of a test pattern: {@code test:?tone=440&beep=1000&rate=48000&channels=1},
 * a soft tone and, at each full second of the run, a louder beep of a tenth of a second. So a beep
 * begins with the picture whose time code shows a full second.
 */
final class ToneSource implements AudioSource {

  /** How long a beep is. */
  static final double BEEP_SECONDS = 0.1;

  private static final double TONE_LOUDNESS = 0.1;
  private static final double BEEP_LOUDNESS = 0.5;

  /** A beep that began at once would crack. */
  private static final double RAMP_SECONDS = 0.002;

  private final int rateHz;
  private final int channels;
  private final int toneHz;
  private final int beepHz;
  private final LongSupplier nanos;
  private long zeroNanos;
  private long next; // number of the next sample since zeroNanos

  private ToneSource(SourceUri address, LongSupplier nanos) {
    this.rateHz = address.integer("rate", 48_000, 8000, 192_000);
    this.channels = address.integer("channels", 1, 1, AudioSources.MOST_CHANNELS);
    this.toneHz = address.integer("tone", 440, 0, 4000);
    this.beepHz = address.integer("beep", 1000, 0, 4000);
    this.nanos = nanos;
  }

  static ToneSource of(SourceUri address, LongSupplier nanos) {
    address.requireOnly("rate", "channels", "tone", "beep");
    return new ToneSource(address, nanos);
  }

  @Override
  public Shape open() {
    begin(nanos.getAsLong());
    return new Shape(rateHz, channels, 0);
  }

  @Override
  public void begin(long startNanos) {
    zeroNanos = startNanos;
    next = heard();
  }

  @Override
  public boolean read(AudioBlock into) {
    long until = heard();
    // What nobody fetched in time is lost, as with a card.
    next = Math.max(next, until - rateHz);
    boolean any = next < until;
    for (; next < until; next++) {
      float sample = (float) sample((double) next / rateHz);
      for (int channel = 0; channel < channels; channel++) {
        into.add(sample);
      }
    }
    return any;
  }

  @Override
  public void close() {
    // Nothing is held.
  }

  private long heard() {
    return (long) ((nanos.getAsLong() - zeroNanos) * (rateHz / 1e9));
  }

  private double sample(double seconds) {
    double sinceSecond = seconds - Math.floor(seconds);
    double beep = 0;
    if (sinceSecond < BEEP_SECONDS) {
      double edge = Math.min(sinceSecond, BEEP_SECONDS - sinceSecond);
      beep = BEEP_LOUDNESS * Math.min(1, edge / RAMP_SECONDS) * wave(beepHz, sinceSecond);
    }
    return TONE_LOUDNESS * wave(toneHz, seconds) + beep;
  }

  private static double wave(int hz, double seconds) {
    return Math.sin(2 * Math.PI * hz * seconds);
  }
}
