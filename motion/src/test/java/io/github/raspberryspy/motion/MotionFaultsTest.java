package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.CameraPipelineBuilder;
import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameSink;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.source.TestPattern;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.UnknownSpan;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is recorded, encoded and all, while the detection hangs, dies or throws, once in the middle
 * of half a minute: no frame is lost, the manifest says from where to where nobody knows what moved
 * and why, and after it what moves is told again.
 */
@Timeout(60)
class MotionFaultsTest {

  private static final String CAMERA = "faulty";
  private static final int FPS = 15;
  private static final int FRAMES = 30 * FPS;
  private static final int FAULT = 10 * FPS;
  private static final TestPattern PATTERN = new TestPattern(320, 240, FPS, 1, 7);
  private static final String SOURCE =
      "test://?size=320x240&fps=15&seed=7&realtime=false&frames=" + FRAMES;
  private static final Duration LEARNING = Duration.ofSeconds(3);

  @TempDir Path folder;

  private final CountDownLatch goOn = new CountDownLatch(1);
  private final AtomicInteger hanging = new AtomicInteger();
  private final AtomicInteger made = new AtomicInteger();
  private Runnable tick;

  @AfterEach
  void nobodyHangs() {
    goOn.countDown();
    await().until(() -> hanging.get() == 0);
  }

  /** An Error that cannot even be told of: nothing is left to catch it. */
  private static final class Untold extends Error {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new StackOverflowError("while an error was told");
    }
  }

  /** The real detector; the first one fails once. */
  private final class Faulty implements Analysis {
    private final MotionAnalyzer real = new MotionAnalyzer(MotionConfig.defaults());
    private final boolean isFirst = made.getAndIncrement() == 0;
    private final Runnable fault;
    private final int faultAt;

    Faulty(Runnable fault, int faultAt) {
      this.fault = fault;
      this.faultAt = faultAt;
    }

    @Override
    public MotionResult analyze(Frame frame) {
      if (isFirst && frame.number() == faultAt) {
        fault.run();
      }
      return real.analyze(frame);
    }

    @Override
    public Optional<MotionEvent> current() {
      return real.current();
    }

    @Override
    public Optional<MotionEvent> finish() {
      return real.finish();
    }

    @Override
    public void close() {
      real.close();
    }
  }

  @Test
  void aDetectionThatHangsIsWaitedForTenSecondsByASourceThatCanWaitAndNoLonger() throws Exception {
    record(
        this::hang,
        MotionDetector.HUNG,
        frame -> {},
        pipeline -> {
          await().until(() -> hanging.get() == 1 && isAnyoneOffering());
          long captured = pipeline.counters().get(Counter.FRAMES_CAPTURED);
          for (int i = 0; i < MotionDetector.HUNG_TICKS; i++) {
            tick.run();
          }
          assertThat(isAnyoneOffering())
              .as("the source waits: it can, and nothing is lost")
              .isTrue();
          assertThat(pipeline.counters().get(Counter.FRAMES_CAPTURED)).isEqualTo(captured);
          tick.run();
          await().until(() -> pipeline.counters().get(Counter.FRAMES_RECORDED) > FAULT + 5 * FPS);
          assertThat(hanging).as("that one still hangs").hasValue(1);
          goOn.countDown();
        });
  }

  /** In real time, for a live source cannot be made to wait. */
  @Test
  void aLiveSourceDoesNotWaitForADetectionThatHangs() throws Exception {
    try (MotionDetector detector = detector(this::hang, true, 2 * FPS);
        CameraPipeline camera =
            CameraPipeline.builder()
                .name(CAMERA)
                .source("test://?size=64x48&objects=0&fps=15&frames=" + 7 * FPS)
                .record(RecorderConfig.into(folder))
                .sink(detector)
                .annotator(detector)
                .start()) {
      await().until(() -> hanging.get() == 1);
      await().until(() -> camera.counters().get(Counter.FRAMES_RECORDED) > 3 * FPS);
      for (int i = 0; i <= MotionDetector.HUNG_TICKS; i++) {
        tick.run();
      }
      camera.awaitStop();
      assertThat(hanging).as("that one still hangs").hasValue(1);
      goOn.countDown();
      assertThat(camera.counters().framesDropped()).isZero();
      assertThat(camera.counters().get(Counter.FRAMES_RECORDED)).isEqualTo(7 * FPS);
    }
    SegmentManifest manifest = Spool.open(folder, CAMERA).sealed().get(0).manifest();
    assertThat(manifest.unknown())
        .singleElement()
        .satisfies(
            unknown -> {
              assertThat(unknown.reason()).isEqualTo(MotionDetector.HUNG);
              assertThat(since(manifest, unknown.start()))
                  .isBetween(Duration.ofMillis(1_800), Duration.ofMillis(2_200));
              assertThat(unknown.end()).as("known again").isBefore(manifest.end());
            });
  }

  @Test
  void aDetectionWhoseThreadDiesIsReplaced() throws Exception {
    record(
        () -> {
          throw new Untold();
        },
        MotionDetector.DIED,
        frame -> {
          if (frame.number() == FAULT + 2) {
            await().dontCatchUncaughtExceptions().until(() -> !isAlive());
            tick.run();
          }
        },
        pipeline -> {});
  }

  @Test
  void aDetectionThatThrowsGoesOnWithTheNextFrame() throws Exception {
    record(
        () -> {
          throw new IllegalStateException("as arranged");
        },
        DetectionReport.FAILED,
        frame -> {},
        pipeline -> {});
  }

  /**
   * Records, and checks what holds of every fault.
   *
   * @param before shown each frame before the detector is, on the capturing thread
   * @param meanwhile what else happens
   */
  private void record(
      Runnable fault, String reason, FrameSink before, Consumer<CameraPipeline> meanwhile)
      throws Exception {
    MotionDetector detector = detector(fault, false, FAULT);
    CameraPipelineBuilder builder =
        CameraPipeline.builder()
            .name(CAMERA)
            .source(SOURCE)
            .record(RecorderConfig.into(folder))
            .sink(before)
            .sink(detector)
            .annotator(detector);
    try (detector;
        CameraPipeline pipeline = builder.start()) {
      meanwhile.accept(pipeline);
      pipeline.awaitStop();
      assertThat(pipeline.counters().framesDropped()).isZero();
      assertThat(pipeline.counters().get(Counter.FRAMES_RECORDED)).isEqualTo(FRAMES);
      assertThat(detector.failures()).isPositive();
    }
    assertThat(made).as("detections").hasValue(2);
    assertManifest(reason);
  }

  private MotionDetector detector(Runnable fault, boolean isLive, int faultAt) {
    MotionDetector.Seams seams =
        new MotionDetector.Seams(
            () -> new Faulty(fault, faultAt),
            InstantSource.system(),
            task -> {
              tick = task;
              return new FutureTask<>(() -> null);
            });
    return new MotionDetector(CAMERA, seams, isLive, MotionListener.NONE, Schedule.always());
  }

  private void assertManifest(String reason) throws Exception {
    List<SealedSegment> segments = Spool.open(folder, CAMERA).sealed();
    assertThat(segments).hasSize(1);
    SegmentManifest manifest = segments.get(0).manifest();
    assertThat(manifest.frames()).isEqualTo(FRAMES);
    assertThat(manifest.gaps()).isEmpty();

    assertThat(manifest.unknown()).hasSize(1);
    UnknownSpan unknown = manifest.unknown().get(0);
    assertThat(unknown.reason()).isEqualTo(reason);
    Duration frame = Duration.ofMillis(1000 / FPS);
    assertThat(since(manifest, unknown.start()))
        .isBetween(Duration.ofSeconds(10).minus(frame), Duration.ofSeconds(10).plus(frame));
    assertThat(Duration.between(unknown.start(), unknown.end()))
        .isBetween(LEARNING, LEARNING.plus(Duration.ofSeconds(1)));

    Duration again = since(manifest, unknown.end()).plusSeconds(1);
    for (TestPattern.Interval moving : PATTERN.motion(FRAMES)) {
      Duration middle = Duration.ofMillis(500 * (moving.firstFrame() + moving.endFrame()) / FPS);
      boolean isKnown = middle.compareTo(Duration.ofSeconds(10)) < 0 || middle.compareTo(again) > 0;
      if (isKnown) {
        Instant when = manifest.start().plus(middle);
        assertThat(manifest.motion())
            .anyMatch(span -> !span.start().isAfter(when) && !span.end().isBefore(when));
      }
    }
  }

  private static Duration since(SegmentManifest manifest, Instant when) {
    return Duration.between(manifest.start(), when);
  }

  private void hang() {
    hanging.incrementAndGet();
    await().forever().until(() -> goOn.getCount() == 0);
    hanging.decrementAndGet();
  }

  /** Whether the capturing thread waits for room before the detector. */
  private static boolean isAnyoneOffering() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().equals("capture-" + CAMERA))
        .filter(thread -> thread.getKey().getState() == Thread.State.WAITING)
        .flatMap(thread -> List.of(thread.getValue()).stream())
        .anyMatch(call -> call.getClassName().equals(MotionWorker.class.getName()));
  }

  private static boolean isAlive() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("motion-" + CAMERA));
  }
}
