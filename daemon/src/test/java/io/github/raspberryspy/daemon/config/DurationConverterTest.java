package io.github.raspberryspy.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

/** Lengths of time on the command line. */
class DurationConverterTest {

  @Test
  void anOptionTakesALengthOfTimeAndSaysWhatElseIsNone() {
    assertThat(new DurationConverter().convert("2s")).isEqualTo(Duration.ofSeconds(2));
    assertThatThrownBy(() -> new DurationConverter().convert("soon"))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageStartingWith("\"soon\" is not a length of time");
  }
}
