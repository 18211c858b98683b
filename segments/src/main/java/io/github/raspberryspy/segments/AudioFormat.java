package io.github.raspberryspy.segments;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What a segment's sound is.
 *
 * @param codec RFC 6381 name, as browsers take it: {@code mp4a.40.2}, {@code opus}
 * @param sampleRateHz samples per second of each channel, 8000 to 192000
 * @param channels 1 to 8
 */
public record AudioFormat(String codec, int sampleRateHz, int channels) {

  private static final Pattern SOUND = Pattern.compile("mp4a\\.[0-9a-f]{1,2}\\.[0-9]{1,2}|opus");

  /** Checks ranges. */
  public AudioFormat {
    Objects.requireNonNull(codec, "codec");
    if (codec.isBlank()) {
      throw new IllegalArgumentException("the codec of the sound is empty");
    }
    if (!SOUND.matcher(codec).matches()) {
      throw new IllegalArgumentException(
          "the codec of the sound, \""
              + OneLine.of(codec)
              + "\", is neither AAC, such as mp4a.40.2, nor opus");
    }
    if (sampleRateHz < 8000 || sampleRateHz > 192_000) {
      throw new IllegalArgumentException(
          "sampleRateHz " + sampleRateHz + " is not within 8000 to 192000");
    }
    if (channels < 1 || channels > 8) {
      throw new IllegalArgumentException("channels " + channels + " is not within 1 to 8");
    }
  }
}
