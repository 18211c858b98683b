package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.camera.audio.AudioCodec;
import io.github.raspberryspy.camera.encode.EncoderConfig;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads an option of a command as the configuration's key of the same meaning is read, with the
 * same range.
 *
 * @param <T> type of the value
 */
public abstract class KeyConverter<T> implements ITypeConverter<T> {

  private final ConfigKey<T> key;

  private KeyConverter(ConfigKey<T> key) {
    this.key = key;
  }

  @Override
  public final T convert(String text) {
    try {
      return key.reader().apply(text);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new TypeConversionException("it is \"" + text + "\"; allowed is " + key.allowed());
    }
  }

  /** As {@code record.segment}. */
  public static final class Segment extends KeyConverter<Duration> {
    Segment() {
      super(CameraKeys.SEGMENT);
    }
  }

  /** As {@code record.pre-roll}. */
  public static final class PreRoll extends KeyConverter<Duration> {
    PreRoll() {
      super(CameraKeys.PRE_ROLL);
    }
  }

  /** As {@code record.post-roll}. */
  public static final class PostRoll extends KeyConverter<Duration> {
    PostRoll() {
      super(CameraKeys.POST_ROLL);
    }
  }

  /** As {@code record.mode}. */
  public static final class Mode extends KeyConverter<RecordMode> {
    Mode() {
      super(CameraKeys.MODE);
    }
  }

  /** As {@code encoder.name}. */
  public static final class Encoder extends KeyConverter<EncoderConfig.Choice> {
    Encoder() {
      super(CameraKeys.ENCODER);
    }
  }

  /** As {@code encoder.bitrate}. */
  public static final class Bitrate extends KeyConverter<Integer> {
    Bitrate() {
      super(CameraKeys.BITRATE);
    }
  }

  /** As {@code audio.codec}. */
  public static final class Codec extends KeyConverter<AudioCodec> {
    Codec() {
      super(AudioKeys.CODEC);
    }
  }

  /** As {@code audio.bitrate}. */
  public static final class AudioBitrate extends KeyConverter<Integer> {
    AudioBitrate() {
      super(AudioKeys.BITRATE);
    }
  }
}
