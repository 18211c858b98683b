package io.github.raspberryspy.camera.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.raspberryspy.camera.record.RecorderConfig;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConfigRangesTest {

  private final EncoderConfig encoder = EncoderConfig.h264();
  private final RecorderConfig recorder = RecorderConfig.into(Path.of("spool"));

  @Test
  void anEncoderTakesItsLimitsAndNothingBeyond() {
    assertThat(encoder.bitrateBps(50_000).bitrateBps(100_000_000).bitrateBps())
        .isEqualTo(100_000_000);
    assertThat(encoder.gop(Duration.ofMillis(100)).gop(Duration.ofSeconds(10)).gop())
        .hasSeconds(10);
    refused(() -> encoder.bitrateBps(49_999), "50000");
    refused(() -> encoder.bitrateBps(100_000_001), "100000000");
    refused(() -> encoder.bitrateBps(-1), "-1");
    refused(() -> encoder.gop(Duration.ofMillis(100).minusNanos(1)), "gop");
    refused(() -> encoder.gop(Duration.ofSeconds(10).plusNanos(1)), "gop");
    refused(() -> encoder.gop(Duration.ofSeconds(-1)), "gop");
    refused(() -> encoder.preset("placebo"), "placebo");
    assertThatNullPointerException().isThrownBy(() -> encoder.choice(null));
  }

  @Test
  void aRecorderTakesItsLimitsAndNothingBeyond() {
    assertThat(recorder.segment(Duration.ofSeconds(1)).segment(Duration.ofHours(24)).segment())
        .hasHours(24);
    assertThat(
            recorder.fragment(Duration.ofMillis(100)).fragment(Duration.ofSeconds(10)).fragment())
        .hasSeconds(10);
    refused(() -> recorder.segment(Duration.ofMillis(999)), "1 s to 24 h");
    refused(() -> recorder.segment(Duration.ofHours(24).plusNanos(1)), "1 s to 24 h");
    refused(() -> recorder.fragment(Duration.ofMillis(99)), "0.1 s to 10 s");
    refused(() -> recorder.fragment(Duration.ofSeconds(10).plusNanos(1)), "0.1 s to 10 s");
    assertThatNullPointerException().isThrownBy(() -> RecorderConfig.into(null));
  }

  @Test
  void aChangeLeavesTheRestAsItWas() {
    EncoderConfig changed =
        encoder.choice(EncoderConfig.Choice.X264).bitrateBps(1_000_000).preset("fast");
    assertThat(changed)
        .isEqualTo(
            new EncoderConfig(EncoderConfig.Choice.X264, 1_000_000, Duration.ofSeconds(1), "fast"));
    assertThat(encoder).isEqualTo(EncoderConfig.h264());
    assertThat(recorder.segment(Duration.ofSeconds(9)).fragment()).isEqualTo(recorder.fragment());
  }

  private static void refused(Runnable change, String named) {
    assertThatIllegalArgumentException().isThrownBy(change::run).withMessageContaining(named);
  }
}
