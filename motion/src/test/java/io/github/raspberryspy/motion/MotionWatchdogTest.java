package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.record.SegmentAnnotator.Unknown;
import io.github.raspberryspy.segments.UnknownSpan;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A detector that hangs, and one that is not to look: what it does not know it does not call still.
 */
@Timeout(60)
class MotionWatchdogTest {

  private static final long ALWAYS = Long.MAX_VALUE;

  private final DrawnScene scene = new DrawnScene(PixelFormat.I420, 160, 120, 15);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final AtomicInteger made = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private final AtomicInteger hanging = new AtomicInteger();
  private volatile Instant epoch = Instant.parse("2026-11-23T12:00:00Z"); // of capture time 0
  private Runnable tick;

  @AfterEach
  void everyHandleIsClosed() {
    goOn.countDown();
    await().until(() -> scene.pool.outstanding() == 0 && hanging.get() == 0);
    scene.close();
  }

  /** Hangs at frame 10 until it is let go, whatever interrupts it. */
  private final class Hanging implements Analysis {
    private final long hangsAt;

    Hanging(long hangsAt) {
      this.hangsAt = hangsAt;
      made.incrementAndGet();
    }

    @Override
    public MotionResult analyze(Frame frame) {
      if (frame.number() == hangsAt || hangsAt == ALWAYS) {
        hanging.incrementAndGet();
        await().forever().until(() -> goOn.getCount() == 0);
        hanging.decrementAndGet();
      }
      return MotionResult.STILL;
    }

    @Override
    public Optional<MotionEvent> current() {
      return Optional.empty();
    }

    @Override
    public Optional<MotionEvent> finish() {
      return Optional.empty();
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  private MotionDetector detector(long hangsAt, Schedule schedule) {
    return detector(() -> new Hanging(made.get() == 0 ? hangsAt : -1), schedule);
  }

  private MotionDetector detector(Supplier<Analysis> analyses, Schedule schedule) {
    InstantSource clock = () -> epoch.plusNanos(System.nanoTime());
    MotionDetector.Seams seams =
        new MotionDetector.Seams(
            analyses,
            clock,
            task -> {
              tick = task;
              return new FutureTask<>(() -> null);
            });
    return new MotionDetector("yard", seams, true, MotionListener.NONE, schedule);
  }

  private void show(MotionDetector detector, int frames) {
    long number = 0;
    for (int i = 0; i < frames; i++) {
      number = scene.next();
      long analysed = detector.framesAnalysed();
      try (Frame frame = scene.frame()) {
        detector.onFrame(frame);
      }
      await().until(() -> detector.framesAnalysed() > analysed || hanging.get() > 0);
    }
    if (hanging.get() == 0) {
      detector.spans(0, scene.nanosOf(number), Duration.ofSeconds(20)); // until it is known
    }
  }

  private void ticks(int n) {
    for (int i = 0; i < n; i++) {
      tick.run();
    }
  }

  @Test
  void oneThatHangsIsLeftBehindAndAnotherTakesItsPlaceOnceItHasLearnt() {
    try (MotionDetector detector = detector(10, Schedule.always())) {
      show(detector, 11);
      await().until(() -> hanging.get() == 1);
      ticks(MotionDetector.HUNG_TICKS);
      assertThat(detector.failures()).as("patience").isZero();
      ticks(1);
      assertThat(detector.failures()).isEqualTo(1);
      assertThat(detector.seenUntilNanos()).hasValue(scene.nanosOf(9));

      goOn.countDown();
      await().until(() -> closed.get() == 1);
      show(detector, 60);
      assertThat(made).hasValue(2);
      List<Unknown> unknown = detector.unknown(scene.nanosOf(0), scene.nanosOf(70));
      assertThat(unknown).hasSize(1);
      assertThat(unknown.get(0).reason()).isEqualTo(MotionDetector.HUNG);
      assertThat(unknown.get(0).startNanos()).isEqualTo(scene.nanosOf(10));
      assertThat(Duration.ofNanos(unknown.get(0).endNanos() - scene.nanosOf(11)))
          .isBetween(Duration.ofSeconds(3), Duration.ofMillis(3_100));
      assertThat(detector.seenUntilNanos()).hasValue(scene.nanosOf(70));
    }
  }

  private long showOne(MotionDetector detector) {
    long number = scene.next();
    try (Frame frame = scene.frame()) {
      detector.onFrame(frame);
    }
    return scene.nanosOf(number);
  }

  /** Whoever seals a segment does not wait for those that nobody will ever look at. */
  @Test
  void whereTwoHangNobodyLooksAndNobodyWaits() {
    try (MotionDetector detector = detector(() -> new Hanging(ALWAYS), Schedule.always())) {
      long first = showOne(detector);
      for (int i = 1; i <= 2; i++) {
        int hung = i;
        await().until(() -> hanging.get() == hung);
        ticks(MotionDetector.FIRST_TICKS + 1);
        showOne(detector);
      }
      long last = showOne(detector);
      assertThat(hanging).hasValue(2);
      assertThat(detector.spans(first, last, Duration.ofHours(1))).isEmpty();
      assertThat(detector.unknown(first, last))
          .containsExactly(new Unknown(first, last, MotionDetector.HUNG));
    }
  }

  /** Each run of a camera has a detector of its own. */
  @Test
  void aCameraThatFlapsOverADetectionThatHangsLeavesNoMoreThanTwoBehind() {
    for (int run = 1; run <= 5; run++) {
      int hung = Math.min(run, LeftBehind.MOST);
      try (MotionDetector detector = detector(() -> new Hanging(ALWAYS), Schedule.always())) {
        long nanos = showOne(detector);
        await().until(() -> hanging.get() == hung);
        assertThat(detector.unknown(nanos, nanos + 1)).hasSize(1);
        showOne(detector); // one more, which waits
        Thread.currentThread().interrupt(); // or else each is waited for when it is closed
      }
      assertThat(Thread.interrupted()).isTrue();
      assertThat(scene.pool.outstanding()).isEqualTo(hung);
    }
    assertThat(hanging).hasValue(2);
    try (MotionDetector detector = detector(() -> new Hanging(-1), Schedule.always())) {
      long first = showOne(detector);
      goOn.countDown();
      await().until(() -> closed.get() == 2 && hanging.get() == 0);
      await()
          .untilAsserted(
              () -> {
                ticks(1);
                showOne(detector);
                assertThat(detector.framesAnalysed()).isPositive();
              });
      long next = showOne(detector);
      await().until(() -> detector.framesAnalysed() + detector.framesReplaced() >= 3);
      assertThat(detector.unknown(first, next)).isNotEmpty();
      assertThat(detector.unknown(first, next).get(0).reason()).isEqualTo(MotionDetector.HUNG);
      assertThat(detector.unknown(first, next).get(0).startNanos()).isEqualTo(first);
    }
  }

  @Test
  void aDetectorThatRestsIsNotTakenForOneThatHangs() {
    try (MotionDetector detector = detector(-1, Schedule.always())) {
      show(detector, 3);
      ticks(3 * MotionDetector.FIRST_TICKS);
      assertThat(detector.failures()).isZero();
      assertThat(made).hasValue(1);
    }
  }

  @Test
  void whileNobodyIsToLookNothingIsKnownOnPurposeAndNothingIsRecordedForIt() {
    Schedule nights =
        Schedule.of(List.of("daily 18:00 to 07:00"), ZoneOffset.UTC, Optional.empty());
    try (MotionDetector detector = detector(-1, nights)) {
      show(detector, 5);
      assertThat(detector.unknown(scene.nanosOf(0), scene.nanosOf(5)))
          .containsExactly(
              new Unknown(scene.nanosOf(0), scene.nanosOf(5), UnknownSpan.OFF_SCHEDULE));
      assertThat(detector.seenUntilNanos())
          .as("event mode waits for nobody")
          .hasValue(scene.nanosOf(4));
      epoch = Instant.parse("2026-11-23T20:00:00Z");
      show(detector, 5);
      assertThat(detector.unknown(scene.nanosOf(5), scene.nanosOf(10))).isEmpty();
    }
  }
}
