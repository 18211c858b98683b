package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.record.SegmentAnnotator.Span;
import io.github.raspberryspy.camera.record.SegmentAnnotator.Unknown;
import io.github.raspberryspy.segments.UnknownSpan;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TimelineTest {

  private static final long SECOND = 1_000_000_000L;
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(20);

  private final Timeline timeline = new Timeline();

  @Test
  void spansThatOverlapAreToldInOrderAndWhole() {
    timeline.ended(event(1, 2));
    timeline.ended(event(4, 6));
    timeline.open(event(8, 8));
    timeline.goesOn(9 * SECOND);
    know(10);

    assertThat(timeline.spans(5 * SECOND, 10 * SECOND, LONG))
        .extracting(Span::startNanos, Span::endNanos)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(4 * SECOND, 6 * SECOND),
            org.assertj.core.groups.Tuple.tuple(8 * SECOND, 9 * SECOND));
    assertThat(timeline.spans(0, SECOND, LONG)).isEmpty();
  }

  @Test
  void askingWaitsUntilTheIntervalIsKnown() throws Exception {
    timeline.offered(0);
    CompletableFuture<List<Span>> answer =
        CompletableFuture.supplyAsync(() -> timeline.spans(0, 3 * SECOND, LONG));
    timeline.ended(event(1, 2));
    timeline.offered(0);
    timeline.known(2 * SECOND);
    assertThat(answer).isNotDone();

    timeline.known(3 * SECOND);
    assertThat(answer.get(10, TimeUnit.SECONDS)).hasSize(1);
  }

  @Test
  void askingEndsWithPatience() {
    timeline.offered(0);
    long before = System.nanoTime();
    assertThat(timeline.spans(0, 3 * SECOND, SHORT)).isEmpty();
    assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(SHORT.toNanos());
  }

  @Test
  void lastFrameOfAStreamCoversItsOwnDuration() {
    know(1.0);
    know(1.1);
    long before = System.nanoTime();
    timeline.spans(0, (long) (1.2 * SECOND), LONG);
    assertThat(System.nanoTime() - before).isLessThan(LONG.toNanos() / 2);
  }

  @Test
  void askingEndsWithTheDetector() {
    timeline.end();
    assertThat(timeline.spans(0, SECOND, LONG)).isEmpty();
  }

  @Test
  void eventsOlderThanThreeHoursAreForgotten() {
    timeline.ended(event(1, 2));
    timeline.ended(event(100, 200));
    know(3 * 3600 + 50);

    assertThat(timeline.spans(0, 1000 * SECOND, LONG)).hasSize(1);
  }

  @Test
  void numberOfEventsIsBounded() {
    for (int i = 0; i < Timeline.MAX_EVENTS + 100; i++) {
      timeline.ended(new MotionEvent(10L * i, 10L * i + 5, 0.1, List.of(), List.of(), List.of()));
    }
    know(1);
    assertThat(timeline.spans(0, SECOND, LONG)).hasSize(Timeline.MAX_EVENTS);
  }

  /** Frames on their way to a detection that hangs are lost in one order or another. */
  @Test
  void afterACutNothingThatWasOnItsWayIsWaitedFor() {
    know(1);
    timeline.offered(2 * SECOND);
    timeline.cut(2 * SECOND, "hung");
    timeline.offered(3 * SECOND); // given to the one that hangs, which drops it without a word
    know(4);
    know(5);
    long before = System.nanoTime();
    timeline.spans(0, 6 * SECOND, LONG);
    timeline.quiet(9 * SECOND);
    timeline.spans(0, 9 * SECOND, LONG);
    assertThat(System.nanoTime() - before).isLessThan(LONG.toNanos() / 2);
  }

  @Test
  void whereNobodyIsLeftToLookNobodyIsWaitedFor() {
    know(1);
    timeline.offered(2 * SECOND);
    timeline.cut(2 * SECOND, "hung");
    timeline.offered(3 * SECOND);
    timeline.passedOver(3 * SECOND);
    long before = System.nanoTime();
    timeline.spans(0, 3 * SECOND, LONG);
    assertThat(System.nanoTime() - before).isLessThan(LONG.toNanos() / 2);
    assertThat(timeline.unknown(0, 3 * SECOND))
        .containsExactly(new Unknown(2 * SECOND, 3 * SECOND, "hung"));
  }

  private void know(double seconds) {
    timeline.offered((long) (seconds * SECOND));
    timeline.known((long) (seconds * SECOND));
  }

  private static MotionEvent event(long fromSeconds, long toSeconds) {
    return new MotionEvent(
        fromSeconds * SECOND, toSeconds * SECOND, 0.1, List.of(), List.of(), List.of());
  }

  @Test
  void picturesThatNeverCameAreNotOnesWithoutMotion() {
    long second = 1_000_000_000L;
    Timeline unseen = new Timeline();
    unseen.offered(0);
    unseen.known(0);
    assertThat(unseen.unknown(0, second / 2)).isEmpty();
    assertThat(unseen.unknown(0, 60 * second))
        .containsExactly(new Unknown(0, 60 * second, Timeline.UNSEEN));
    unseen.quiet(50 * second);
    assertThat(unseen.unknown(0, 50 * second)).as("somebody said so").isEmpty();
    unseen.offered(70 * second);
    unseen.known(70 * second);
    assertThat(unseen.unknown(0, 71 * second))
        .containsExactly(new Unknown(50 * second, 70 * second, Timeline.UNSEEN));
  }

  /** A segment ends where the decoder still holds what came before, or catches up with it. */
  @Test
  void whatNobodyHasJudgedByTheTimeItIsSealedIsUnknown() {
    know(1.0);
    know(1.1);
    timeline.quiet(2 * SECOND);
    assertThat(timeline.spans(0, 3 * SECOND, SHORT)).isEmpty();
    assertThat(timeline.unknown(0, 3 * SECOND))
        .containsExactly(new Unknown(2 * SECOND, 3 * SECOND, Timeline.UNSEEN));
    timeline.quiet(3 * SECOND);
    assertThat(timeline.unknown(0, 3 * SECOND)).isEmpty();
  }

  @Test
  void whereNoPictureEverCameNothingIsKnown() {
    assertThat(timeline.unknown(0, 60 * SECOND))
        .containsExactly(new Unknown(0, 60 * SECOND, Timeline.UNSEEN));
    assertThat(timeline.unknown(0, SECOND))
        .containsExactly(new Unknown(0, SECOND, Timeline.UNSEEN));
  }

  @Test
  void whereTheFirstPictureWasNotLookedAtNothingIsKnown() {
    timeline.offered(0);
    assertThat(timeline.unknown(0, SECOND))
        .containsExactly(new Unknown(0, SECOND, Timeline.TOO_SLOW));
    timeline.known(0);
    assertThat(timeline.unknown(0, SECOND / 2)).isEmpty();
  }

  @Test
  void whatPrecedesTheFirstPictureIsUnknown() {
    know(5);
    know(6);
    assertThat(timeline.unknown(0, 6 * SECOND))
        .containsExactly(new Unknown(0, 5 * SECOND, Timeline.UNSEEN));
    assertThat(timeline.unknown(4 * SECOND, 6 * SECOND)).as("it would be seen at 5").isEmpty();
  }

  /** As where the first pictures of a run cannot be decoded. */
  @Test
  void whatWasNotDecodedBeforeTheFirstPictureIsUnknown() {
    timeline.unseen(SECOND);
    assertThat(timeline.unknown(0, SECOND))
        .containsExactly(new Unknown(0, SECOND, Timeline.UNSEEN));
    know(1);
    know(2);
    assertThat(timeline.unknown(0, 2 * SECOND))
        .containsExactly(new Unknown(0, SECOND, Timeline.UNSEEN));
    assertThat(timeline.unknown(SECOND, 2 * SECOND)).isEmpty();
  }

  /** As while the libraries of the detector are loaded: what is replaced meanwhile nobody saw. */
  @Test
  void whatWasReplacedForLongIsUnknown() {
    for (int i = 0; i <= 50; i++) {
      timeline.offered(i * SECOND / 10);
    }
    timeline.known(0);
    timeline.known(5 * SECOND);
    assertThat(timeline.unknown(0, 5 * SECOND))
        .containsExactly(new Unknown(0, 5 * SECOND, Timeline.TOO_SLOW));
    know(6);
    assertThat(timeline.unknown(5 * SECOND, 6 * SECOND)).isEmpty();
  }

  /** What was quiet meanwhile is not held against whoever still looks at the frame before. */
  @Test
  void whoIsSlowAboutOneFrameHasMissedNothingThatWasQuiet() {
    timeline.offered(0);
    timeline.quiet(3 * SECOND);
    timeline.offered(3 * SECOND);
    timeline.known(0);
    timeline.known(3 * SECOND);
    assertThat(timeline.unknown(0, 3 * SECOND)).isEmpty();
  }

  @Test
  void spansOfWhatIsUnknownDoNotOverlap() {
    know(1);
    timeline.cut(2 * SECOND, "hung");
    timeline.unseen(5 * SECOND);
    know(6);
    assertThat(timeline.unknown(0, 6 * SECOND))
        .containsExactly(
            new Unknown(SECOND, 5 * SECOND, Timeline.UNSEEN),
            new Unknown(5 * SECOND, 6 * SECOND, "hung"));
  }

  @Test
  void offScheduleNoPictureIsMissed() {
    know(1);
    timeline.settle(2 * SECOND, UnknownSpan.OFF_SCHEDULE);
    timeline.unseen(5 * SECOND);
    assertThat(timeline.unknown(0, 6 * SECOND))
        .containsExactly(new Unknown(2 * SECOND, 6 * SECOND, UnknownSpan.OFF_SCHEDULE));
  }

  /** As when a camera is stopped while its decoder is behind. */
  @Test
  void whatWasNotDecodedIsUnknownAndNobodyWaitsForIt() {
    long second = 1_000_000_000;
    Timeline behind = new Timeline();
    behind.offered(second);
    behind.known(second);
    behind.offered(2 * second);
    behind.unseen(5 * second);
    behind.known(2 * second);
    behind.spans(0, 5 * second, Duration.ofMinutes(10));
    assertThat(behind.unknown(0, 5 * second))
        .containsExactly(new Unknown(2 * second, 5 * second, Timeline.UNSEEN));
    behind.offered(5 * second);
    behind.known(5 * second);
    assertThat(behind.unknown(5 * second, 5 * second + second / 2)).isEmpty();
  }
}
