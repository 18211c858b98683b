package io.github.raspberryspy.camera.audio;

/** What a container must know of a track of sound. Immutable. */
public final class AudioParameters {

  private final AudioCodec codec;
  private final int channels;
  private final int frameSamples;
  private final int paddingSamples;
  private final byte[] configuration;

  AudioParameters(
      AudioCodec codec, int channels, int frameSamples, int paddingSamples, byte[] configuration) {
    this.codec = codec;
    this.channels = channels;
    this.frameSamples = frameSamples;
    this.paddingSamples = paddingSamples;
    this.configuration = configuration;
  }

  /** How it is encoded. */
  public AudioCodec codec() {
    return codec;
  }

  /** 1 or 2. */
  public int channels() {
    return channels;
  }

  /** Samples of each channel in a packet. */
  public int frameSamples() {
    return frameSamples;
  }

  /** Samples that the encoder puts before the first one that it is given. */
  public int paddingSamples() {
    return paddingSamples;
  }

  /** The decoder's configuration, as FFmpeg's {@code extradata}: not to be changed. */
  public byte[] configuration() {
    return configuration;
  }
}
