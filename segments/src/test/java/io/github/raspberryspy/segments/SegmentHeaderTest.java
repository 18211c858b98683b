package io.github.raspberryspy.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentHeaderTest {

  private static SegmentHeader read(byte[] box) {
    return SegmentHeader.parse(new String(box, 24, box.length - 24, StandardCharsets.UTF_8));
  }

  @Test
  void everyHeaderReadsBackToTheMicrosecond() {
    Random random = new Random(3);
    for (int i = 0; i < 2000; i++) {
      Instant start = Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
      SegmentHeader header =
          new SegmentHeader(
              Manifests.id(random),
              start.truncatedTo(ChronoUnit.MICROS),
              random.nextBoolean() ? ClockState.SYNCED : ClockState.CORRECTED,
              random.nextLong(),
              random.nextInt(120_000) / 1000.0);
      assertThat(read(header.toBox())).isEqualTo(header);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "2 front-3f9a1c22-r17-000123 0 SYNCED 0 25000",
        "1 front 0 SYNCED 0 25000",
        "1 front-3f9a1c22-r17-000123 x SYNCED 0 25000",
        "1 front-3f9a1c22-r17-000123 0 MAYBE 0 25000",
        "1 front-3f9a1c22-r17-000123 99999999999999999999 SYNCED 0 25000",
      })
  void refusesEveryOtherText(String text) {
    assertThatThrownBy(() -> SegmentHeader.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsMissingBeforeASegmentReadsBack() {
    Instant start = Instant.parse("2026-11-23T14:00:00.123456Z");
    List<Gap> gaps =
        List.of(
            new Gap(start.minusSeconds(90), start.minusSeconds(60), "restart"),
            new Gap(start.minusSeconds(60), start, Gap.NO_EVENT));
    SegmentHeader header =
        new SegmentHeader(
            SegmentId.parse("front-3f9a1c22-r17-000123"), start, ClockState.SYNCED, 0, 25, gaps);
    assertThat(read(header.toBox())).isEqualTo(header);
  }

  /** The box must stay one that every reader takes. */
  @Test
  void moreGapsThanFitAreLeftOut() {
    Instant start = Instant.parse("2026-11-23T14:00:00Z");
    List<Gap> gaps = Collections.nCopies(500, new Gap(start, start, Gap.NO_EVENT));
    SegmentHeader header =
        new SegmentHeader(
            SegmentId.parse("front-3f9a1c22-r17-000123"), start, ClockState.SYNCED, 0, 25, gaps);
    assertThat(header.toBox()).hasSizeLessThan(4096);
    assertThat(read(header.toBox()).gaps()).isEmpty();
  }

  @Test
  void gapsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(
            () ->
                SegmentHeader.parse(
                    "1 front-3f9a1c22-r17-000123 0 SYNCED 0 25000 gap=20,10,restart"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aLaterVersionMayAddWords() {
    assertThat(SegmentHeader.parse("1 front-3f9a1c22-r17-000123 0 SYNCED 0 25000 more").fps())
        .isEqualTo(25);
  }
}
