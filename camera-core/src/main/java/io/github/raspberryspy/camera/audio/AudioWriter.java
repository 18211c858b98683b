package io.github.raspberryspy.camera.audio;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts sound onto the time of one run and encodes it: without a hole, so that silence stands where
 * nothing was heard, and in step with the computer's clock. For one thread.
 */
final class AudioWriter implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(AudioWriter.class);

  /** Silence is written up to so long ago, 50 ms: what comes may come a little late. */
  private static final long SILENCE_LAG = AudioTrack.RATE_HZ / 20;

  /** Written at a time. */
  private static final int SILENCE_PIECE = AudioTrack.RATE_HZ / 10;

  private final String camera;
  private final AudioTrack track;
  private final AudioEncoder encoder;
  private final int channels;
  private final float[] silence;
  private final AudioClock clock = new AudioClock();
  private AudioResampler resampler;
  private AudioSource.Shape shape;
  private long position; // the sample that is written next
  private long surplus; // samples of the card that are left out next
  private boolean isPlaced;

  AudioWriter(String camera, AudioTrack track, AudioEncoder encoder) {
    this.camera = camera;
    this.track = track;
    this.encoder = encoder;
    this.channels = encoder.parameters().channels();
    this.silence = new float[SILENCE_PIECE * channels];
  }

  AudioTrack track() {
    return track;
  }

  /** What comes next is the first of a card that was opened. */
  void opened(AudioSource.Shape newShape) {
    closeResampler();
    shape = newShape;
    resampler = new AudioResampler(newShape, channels);
    isPlaced = false;
    surplus = 0;
  }

  /** Whether it knows what the samples are that come. */
  boolean isOpened() {
    return resampler != null;
  }

  /** Nothing comes: silence up to the present, but for a little. */
  void fall(long nowNanos) {
    closeResampler();
    silenceUntil(track.sampleAtNanos(nowNanos) - SILENCE_LAG);
  }

  /** Writes what has been read, all of it before this moment. */
  void write(AudioBlock block, long nowNanos) {
    long now = track.sampleAtNanos(nowNanos - shape.delayNanos());
    int read = block.size() / shape.channels();
    if (!isPlaced) {
      place(now - scaled(read));
    }
    int skip = (int) Math.min(read, surplus);
    surplus -= skip;
    if (skip == read) {
      return;
    }
    int made = resampler.resample(block, skip);
    put(resampler.result(), made); // which is another array where there was more than ever
    switch (clock.observe(now, now - position - resampler.inside() + scaled(surplus))) {
      case STRETCH -> resampler.compensate(clock.amount());
      case JUMP -> jump(clock.amount());
      case NOTHING -> {
        // in step
      }
    }
  }

  @Override
  public void close() {
    track.end();
    closeResampler();
    encoder.close();
  }

  /** The card's first sample belongs here. */
  private void place(long start) {
    isPlaced = true;
    clock.restart();
    silenceUntil(start);
    surplus = Math.max(0, position - start) * shape.rateHz() / AudioTrack.RATE_HZ;
  }

  private void jump(int amount) {
    log.info("sound of {} was {} ms out of step", camera, amount * 1000L / AudioTrack.RATE_HZ);
    if (amount > 0) {
      silenceUntil(position + amount);
    } else {
      surplus = -amount * (long) shape.rateHz() / AudioTrack.RATE_HZ;
    }
  }

  private long scaled(long cardSamples) {
    return cardSamples * AudioTrack.RATE_HZ / shape.rateHz();
  }

  private void silenceUntil(long sample) {
    while (position < sample) {
      put(silence, (int) Math.min(SILENCE_PIECE, sample - position));
    }
  }

  private void put(float[] interleaved, int samples) {
    encoder.encode(interleaved, samples, track::append);
    position += samples;
  }

  private void closeResampler() {
    if (resampler != null) {
      resampler.close();
      resampler = null;
    }
  }
}
