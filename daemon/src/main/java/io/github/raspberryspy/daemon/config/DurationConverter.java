package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.segments.Durations;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an option of a command that is any length of time. */
public final class DurationConverter implements ITypeConverter<Duration> {

  /** For the command line's options. */
  public DurationConverter() {}

  @Override
  public Duration convert(String text) {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
