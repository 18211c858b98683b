package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class FusionTest {

  private static final long MS = 1_000_000;
  private static final long WITHIN = 3_000 * MS;
  private static final long HOLD = 1_000 * MS;
  private static final long LENGTH = 120_000 * MS;

  private record Span(long from, long to) {
    boolean has(long nanos) {
      return nanos >= from && nanos <= to;
    }
  }

  private final List<Span> picture = new ArrayList<>();
  private final List<Span> warmth = new ArrayList<>();
  private final PirSignal signal = new PirSignal();

  @BeforeEach
  void theSensorWorks() {
    signal.cold(-100_000 * MS);
  }

  @Test
  void eitherBeginsAnEventAndTheSensorsEndsWhereItWentCold() {
    warm(10_000, 14_000);
    picture.add(new Span(12_000 * MS, 17_000 * MS));
    picture.add(new Span(40_000 * MS, 41_000 * MS));

    assertThat(run(FusionMode.OR, 100))
        .containsExactly(new Span(10_000 * MS, 17_000 * MS), new Span(40_000 * MS, 41_000 * MS));
  }

  @Test
  void motionWithoutWarmthIsNoEventWhereBothAreAskedFor() {
    picture.add(new Span(5_000 * MS, 9_000 * MS));
    warm(30_000, 31_000);
    picture.add(new Span(29_000 * MS, 50_000 * MS)); // a tree goes on when the warm one has left

    assertThat(run(FusionMode.AND, 100))
        .containsExactly(new Span(29_000 * MS, 31_000 * MS + WITHIN));
  }

  @Test
  void theSensorMayTellAfterThePicture() {
    picture.add(new Span(10_000 * MS, 14_000 * MS));
    warm(12_000, 13_000);

    assertThat(run(FusionMode.AND, 100)).containsExactly(new Span(10_000 * MS, 14_000 * MS));
  }

  @Test
  void theSensorAloneCountsWhereItIsToAndItsShortPausesDoNot() {
    picture.add(new Span(5_000 * MS, 9_000 * MS));
    warm(20_000, 21_000);
    warm(21_500, 24_000);
    warm(30_000, 31_000);

    assertThat(run(FusionMode.ONLY, 100))
        .containsExactly(new Span(20_000 * MS, 24_000 * MS), new Span(30_000 * MS, 31_000 * MS));
  }

  @Test
  void aSensorThatCannotBeReadLeavesThePictureAlone() {
    for (FusionMode mode : FusionMode.values()) {
      picture.clear();
      picture.add(new Span(5_000 * MS, 9_000 * MS));
      PirSignal never = new PirSignal();

      assertThat(run(mode, 100, never)).as("%s", mode).isEqualTo(picture);
    }
  }

  @Test
  void aSensorThatDiesInAnEventDoesNotHideTheNextOne() {
    warm(10_000, 11_000);
    signal.lost(20_000 * MS);
    picture.add(new Span(10_000 * MS, 12_000 * MS));
    picture.add(new Span(40_000 * MS, 44_000 * MS));

    assertThat(run(FusionMode.AND, 100)).isEqualTo(picture);
  }

  @Test
  void whatWasWarmBeforeTheFirstFrameBeginsWithIt() {
    signal.warm(-50_000 * MS);
    signal.cold(2_000 * MS);

    List<Span> spans = run(FusionMode.OR, 100);
    assertThat(spans).hasSize(1);
    assertThat(spans.get(0).from()).isBetween(-1L, 0L);
    assertThat(spans.get(0).to()).isEqualTo(2_000 * MS);
  }

  @RepeatedTest(60)
  void eventsAreInOrderDisjointAndWithinWhatMakesThem(RepetitionInfo repetition) {
    invent(new Random(repetition.getCurrentRepetition()));
    for (FusionMode mode : FusionMode.values()) {
      List<Span> spans = run(mode, 50);
      long last = Long.MIN_VALUE;
      for (Span span : spans) {
        assertThat(span.from()).as("%s %s", mode, spans).isGreaterThanOrEqualTo(last);
        assertThat(span.to()).isGreaterThanOrEqualTo(span.from());
        last = span.to();
      }
      for (long at = 0; at < LENGTH; at += 37 * MS) {
        boolean isIn = isIn(spans, at);
        boolean moves = isIn(picture, at);
        boolean isWarm = isWarm(at);
        switch (mode) {
          case OR -> assertThat(isIn).as("at %d in %s", at, spans).isIn(true, moves || isWarm);
          case ONLY -> assertThat(isIn).as("at %d in %s", at, spans).isIn(true, isWarm);
          case AND -> {
            if (isIn) {
              assertThat(moves).as("at %d in %s", at, spans).isTrue();
              assertThat(isWarmAbout(at)).as("at %d in %s", at, spans).isTrue();
            }
          }
        }
      }
    }
  }

  @RepeatedTest(60)
  void anotherFrameRateMovesNoEventByMoreThanAFrame(RepetitionInfo repetition) {
    invent(new Random(1000 + repetition.getCurrentRepetition()));
    for (FusionMode mode : FusionMode.values()) {
      List<Span> fast = run(mode, 20);
      List<Span> slow = run(mode, 200);
      for (long at = 0; at < LENGTH; at += 10 * MS) {
        if (isIn(fast, at) != isIn(slow, at)) {
          assertThat(edgeWithin(fast, at, 220 * MS) || edgeWithin(slow, at, 220 * MS))
              .as("%s at %d ms: %s and %s", mode, at / MS, fast, slow)
              .isTrue();
        }
      }
    }
  }

  private void warm(long fromMs, long toMs) {
    signal.warm(fromMs * MS);
    signal.cold(toMs * MS);
    warmth.add(new Span(fromMs * MS, toMs * MS));
  }

  /**
   * Up to a dozen of each. No two edges are as far apart as hold or reach, give or take a frame:
   * there it is the frames that decide.
   */
  private void invent(Random random) {
    for (long at = 1L + random.nextInt(5); at < 110; ) {
      long length = 1L + random.nextInt(8);
      picture.add(new Span(at * 1000 * MS, (at + length) * 1000 * MS));
      at += length + 2 + random.nextInt(15);
    }
    for (long at = random.nextInt(20); at < 110; ) {
      long length = random.nextInt(6);
      warm(at * 1000L + 400, (at + length) * 1000L + 700);
      at += length + (random.nextBoolean() ? 1 : 5 + random.nextInt(20));
    }
  }

  private List<Span> run(FusionMode mode, long everyMs) {
    return run(mode, everyMs, signal);
  }

  private List<Span> run(FusionMode mode, long everyMs, PirSignal sensor) {
    Fusion fusion =
        new Fusion(new PirFusion(mode, Duration.ofNanos(WITHIN), Duration.ofNanos(HOLD), sensor));
    PirSignal.Reading reading = new PirSignal.Reading();
    List<Span> spans = new ArrayList<>();
    for (long at = 0; at < LENGTH; at += everyMs * MS) {
      sensor.read(at, reading);
      Span under = null;
      for (Span span : picture) {
        // The picture's events are known to be over a hold after their end.
        if (at >= span.from() && at <= span.to() + HOLD) {
          under = span;
        }
      }
      fusion.accept(
          at,
          under != null,
          under == null ? 0 : under.from(),
          under == null ? 0 : Math.min(at, under.to()),
          reading);
      if (fusion.ended()) {
        spans.add(new Span(fusion.startNanos(), fusion.endNanos()));
      }
    }
    if (fusion.finish()) {
      spans.add(new Span(fusion.startNanos(), fusion.endNanos()));
    }
    return spans;
  }

  private static boolean isIn(List<Span> spans, long at) {
    return spans.stream().anyMatch(span -> span.has(at));
  }

  private boolean isWarm(long at) {
    return isIn(warmth, at);
  }

  private boolean isWarmAbout(long at) {
    return warmth.stream().anyMatch(w -> at >= w.from() - WITHIN && at <= w.to() + WITHIN);
  }

  private static boolean edgeWithin(List<Span> spans, long at, long reach) {
    return spans.stream()
        .anyMatch(s -> Math.abs(s.from() - at) <= reach || Math.abs(s.to() - at) <= reach);
  }
}
