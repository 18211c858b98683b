package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.record.SegmentAnnotator.Span;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MotionDetectorTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  private final DrawnScene scene = new DrawnScene(PixelFormat.I420, 160, 120, 15);
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final MotionListener listener =
      new MotionListener() {
        @Override
        public void began(MotionEvent event) {
          told.add("began on " + Thread.currentThread().getName());
        }

        @Override
        public void updated(MotionEvent event) {
          told.add("updated");
        }

        @Override
        public void ended(MotionEvent event) {
          told.add("ended");
        }
      };

  @AfterEach
  void everyHandleIsClosed() {
    assertThat(scene.pool.outstanding()).isZero();
    scene.close();
  }

  @Test
  void sourceThatIsNotLiveLosesNoFrameAndTheRecorderGetsTheSpan() {
    try (MotionDetector detector = detector(false, listener)) {
      show(detector, 150);

      List<Span> spans = detector.spans(scene.nanosOf(0), scene.nanosOf(150), LONG);
      assertThat(spans).singleElement().extracting(Span::score).isNotEqualTo(0.0);
      assertThat(spans.get(0).startNanos()).isBetween(scene.nanosOf(73), scene.nanosOf(79));
      assertThat(detector.framesSeen()).isEqualTo(150);
      assertThat(detector.framesReplaced()).isZero();
      assertThat(detector.framesAnalysed()).isEqualTo(150);
      assertThat(detector.failures()).isZero();
    }
    assertThat(told).startsWith("began on motion-yard", "updated").endsWith("ended");
    assertThat(told.stream().filter("updated"::equals).count()).isBetween(1L, 4L);
  }

  @Test
  void aDetectorThatCannotBeWatchedLeavesNoThread() {
    MotionDetector.Seams seams =
        new MotionDetector.Seams(
            () -> {
              throw new AssertionError("there is no frame");
            },
            InstantSource.system(),
            task -> {
              throw new IllegalStateException("made up");
            });
    assertThatThrownBy(
            () ->
                new MotionDetector(
                    "unwatched", seams, true, MotionListener.NONE, Schedule.always()))
        .hasMessage("made up");
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("motion-unwatched");
  }

  @Test
  void closeEndsTheEventUnderWayAndMayBeCalledAgain() {
    MotionDetector detector = detector(false, listener);
    show(detector, 100);
    detector.close();
    detector.close();
    assertThat(detector.wantsEveryFrame()).as("nobody is left to look").isFalse();

    assertThat(told).startsWith("began on motion-yard").endsWith("ended");
    assertThat(detector.spans(0, Long.MAX_VALUE, LONG)).hasSize(1);
    assertThatCode(() -> show(detector, 3)).doesNotThrowAnyException();
  }

  @Test
  void liveSourceNeverWaitsAndReplacedFramesAreCounted() throws InterruptedException {
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Function<Frame, MotionResult> slow =
        frame -> {
          stuck.countDown();
          await().until(() -> goOn.getCount() == 0);
          return MotionResult.STILL;
        };
    try (MotionDetector detector = detector(() -> new Scripted(slow), true)) {
      show(detector, 1);
      stuck.await();
      show(detector, 5);
      assertThat(detector.framesReplaced()).isEqualTo(4);
      assertThat(detector.framesSeen()).isEqualTo(6);

      goOn.countDown();
      await().until(() -> detector.framesAnalysed() == 2);
    }
  }

  @Test
  void failureNeverReachesTheCameraAndDetectionStartsAnew() {
    List<Scripted> made = new CopyOnWriteArrayList<>();
    Function<Frame, MotionResult> broken =
        frame -> {
          if (frame.number() % 10 == 5) {
            throw new IllegalStateException("as arranged");
          }
          return MotionResult.STILL;
        };
    try (MotionDetector detector =
        detector(
            () -> {
              made.add(new Scripted(broken));
              return made.get(made.size() - 1);
            },
            false)) {
      assertThatCode(() -> show(detector, 30)).doesNotThrowAnyException();
      await().until(() -> detector.framesAnalysed() == 27);
      assertThat(detector.failures()).isEqualTo(3);
      assertThat(detector.spans(0, scene.nanosOf(29), LONG)).isEmpty();
    }
    assertThat(made).hasSize(4).allMatch(analysis -> analysis.isClosed);
  }

  @Test
  void itHasSeenAsFarAsItUnderstoodAndAfterAFailureOnlyOnceItHasLearntAnew() {
    Function<Frame, MotionResult> broken =
        frame -> {
          if (frame.number() == 20) {
            throw new IllegalStateException("as arranged");
          }
          return MotionResult.STILL;
        };
    try (MotionDetector detector = detector(() -> new Scripted(broken), false)) {
      assertThat(detector.seenUntilNanos()).hasValue(Long.MIN_VALUE);
      show(detector, 30);
      await().until(() -> detector.framesAnalysed() == 29);
      detector.spans(0, scene.nanosOf(29), LONG); // until the last one is known
      assertThat(detector.seenUntilNanos()).hasValue(scene.nanosOf(19));
      show(detector, 120);
      await().until(() -> detector.framesAnalysed() == 149);
      detector.spans(0, scene.nanosOf(149), LONG); // until the last one is known
      assertThat(detector.seenUntilNanos()).hasValue(scene.nanosOf(149));
    }
  }

  /** One that is not may see something yet in what it was shown. */
  @Test
  void whatIsQuietCountsAsSeenOnceTheDetectorIsCalm() {
    List<Scripted> made = new CopyOnWriteArrayList<>();
    try (MotionDetector detector =
        detector(
            () -> {
              made.add(new Scripted(frame -> MotionResult.STILL));
              return made.get(0);
            },
            false)) {
      show(detector, 2);
      detector.spans(0, scene.nanosOf(1), LONG); // until the last one is known
      detector.onQuiet(scene.nanosOf(8));
      assertThat(detector.seenUntilNanos()).hasValue(scene.nanosOf(1));
      made.get(0).isCalm = true;
      show(detector, 1);
      await().until(() -> !detector.wantsEveryFrame());
      detector.onQuiet(scene.nanosOf(8));
      assertThat(detector.seenUntilNanos()).hasValue(scene.nanosOf(8));
    }
  }

  @Test
  void listenerThatFailsDoesNoHarm() {
    MotionListener broken =
        new MotionListener() {
          @Override
          public void began(MotionEvent event) {
            throw new IllegalStateException("as arranged");
          }
        };
    try (MotionDetector detector = detector(false, broken)) {
      show(detector, 150);
      assertThat(detector.spans(0, scene.nanosOf(149), LONG)).hasSize(1);
      assertThat(detector.failures()).isZero();
    }
  }

  @Test
  void spansOfFramesThatNeverComeAreGivenUpAfterPatience() {
    try (MotionDetector detector = detector(true, listener)) {
      assertThat(detector.spans(0, scene.nanosOf(1000), Duration.ofMillis(30))).isEmpty();
    }
  }

  private static MotionDetector detector(boolean isLive, MotionListener listener) {
    return new MotionDetector("yard", MotionConfig.defaults(), isLive, listener);
  }

  private static MotionDetector detector(Supplier<Analysis> analyses, boolean isLive) {
    return new MotionDetector(
        "yard",
        new MotionDetector.Seams(analyses, InstantSource.system(), MotionWatch::everySecond),
        isLive,
        MotionListener.NONE,
        Schedule.always());
  }

  /** A square crosses the picture from frame 75 to frame 105. */
  private void show(MotionDetector detector, int frames) {
    for (int i = 0; i < frames; i++) {
      long n = scene.next();
      scene.square(n < 75 || n > 105 ? null : DrawnScene.squareAt(0.1 + 0.7 * (n - 75) / 30, 0.4));
      try (Frame frame = scene.frame()) {
        detector.onFrame(frame);
      }
    }
  }

  /** An analysis that does as it is told. */
  private static final class Scripted implements Analysis {
    private final Function<Frame, MotionResult> script;
    private volatile boolean isCalm;
    private volatile boolean isClosed;

    Scripted(Function<Frame, MotionResult> script) {
      this.script = script;
    }

    @Override
    public MotionResult analyze(Frame frame) {
      return script.apply(frame);
    }

    @Override
    public boolean isCalm() {
      return isCalm;
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
      isClosed = true;
    }
  }
}
