package io.github.raspberryspy.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentNameTest {

  private static final Instant START = Instant.parse("2026-11-23T14:00:00.999Z");

  @Test
  void writesAndReadsItsText() {
    SegmentName name = new SegmentName(START, ClockState.SYNCED, 17, 123);
    assertThat(name).hasToString("2026-11-23T14-00-00Z_r17-000123");
    assertThat(name.day()).isEqualTo("2026-11-23");
    assertThat(SegmentName.parse(name.toString())).isEqualTo(name);
    assertThat(new SegmentName(START, ClockState.UNSYNCED, 17, 123))
        .hasToString("2026-11-23T14-00-00u_r17-000123");
    assertThat(new SegmentName(START, ClockState.CORRECTED, 17, 123)).hasToString(name.toString());
  }

  @Test
  void everyNameReadsBackInEveryLocale() {
    Random random = new Random(11);
    Locale before = Locale.getDefault();
    try {
      for (String tag : new String[] {"en-US", "tr-TR", "ar-EG-u-nu-arab", "th-TH-u-ca-buddhist"}) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        for (int i = 0; i < 1000; i++) {
          SegmentName name = Manifests.random(random).name();
          SegmentName read = SegmentName.parse(name.toString());
          assertThat(read).hasToString(name.toString());
          assertThat(read.day()).isEqualTo(name.day()).matches("\\d{4}-\\d{2}-\\d{2}");
        }
      }
    } finally {
      Locale.setDefault(before);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "camera",
        "2026-11-23T14-00-00Z_r17-00123",
        "2026-11-23T14-00-00Z_r017-000123",
        "2026-11-23T14-00-00Z_r17-0000123",
        "2026-02-30T14-00-00Z_r17-000123",
        "2026-11-23T24-00-00Z_r17-000123",
        "2026-13-23T14-00-00Z_r17-000123",
        "2026-11-23T14-00-60Z_r17-000123",
        "2026-11-23T14-00-00z_r17-000123",
        "2026-11-23T14:00:00Z_r17-000123",
        "2026-11-23T14-00-00Z_r17-000123.mp4",
        "2026-11-23T14-00-00Z_r17-000123\n",
      })
  void refusesEveryOtherText(String text) {
    assertThatThrownBy(() -> SegmentName.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesWhatItsTextCannotHold() {
    assertThatThrownBy(() -> new SegmentName(Instant.MAX, ClockState.SYNCED, 1, 0))
        .hasMessageStartingWith("start ");
    assertThatThrownBy(() -> new SegmentName(Instant.MIN, ClockState.SYNCED, 1, 0))
        .hasMessageStartingWith("start ");
    assertThatThrownBy(() -> new SegmentName(START, ClockState.SYNCED, -1, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new SegmentName(START, ClockState.SYNCED, 1, Long.MAX_VALUE))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
