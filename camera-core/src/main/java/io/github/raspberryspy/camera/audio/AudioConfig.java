package io.github.raspberryspy.camera.audio;

import io.github.raspberryspy.camera.CameraException;
import java.util.Objects;

/**
 * Which sound is recorded, and how. Immutable; each method returns a changed copy.
 *
 * @param source where it comes from: an address, see {@link AudioSources}
 * @param codec how it is encoded
 * @param bitrateBps bits per second, 16,000 to 256,000
 */
public record AudioConfig(String source, AudioCodec codec, int bitrateBps) {

  /** Fewest bits per second. */
  public static final int MIN_BITRATE_BPS = 16_000;

  /** Most bits per second. */
  public static final int MAX_BITRATE_BPS = 256_000;

  /**
   * Checks the address and ranges.
   *
   * @throws CameraException of kind INVALID, if the address cannot be used
   */
  public AudioConfig {
    Objects.requireNonNull(codec, "codec");
    AudioSources.create(source);
    if (bitrateBps < MIN_BITRATE_BPS || bitrateBps > MAX_BITRATE_BPS) {
      throw new IllegalArgumentException(
          "a sound of "
              + bitrateBps
              + " bit/s is not within "
              + MIN_BITRATE_BPS
              + " to "
              + MAX_BITRATE_BPS);
    }
  }

  /** AAC of 64 kbit/s from this address. */
  public static AudioConfig of(String source) {
    return new AudioConfig(source, AudioCodec.AAC, 64_000);
  }

  /** With this codec. */
  public AudioConfig codec(AudioCodec newCodec) {
    return new AudioConfig(source, newCodec, bitrateBps);
  }

  /** With so many bits per second. */
  public AudioConfig bitrateBps(int newBitrate) {
    return new AudioConfig(source, codec, newBitrate);
  }
}
