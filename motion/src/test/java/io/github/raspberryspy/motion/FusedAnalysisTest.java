package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.record.SegmentAnnotator.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A square moves in the picture from its 75th frame to its 105th, at 15 frames a second. */
@Timeout(60)
class FusedAnalysisTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final int FRAMES = 150;

  private final DrawnScene scene = new DrawnScene(PixelFormat.I420, 160, 120, 15);
  private final PirSignal signal = new PirSignal();
  private final List<MotionEvent> began = new CopyOnWriteArrayList<>();
  private final List<MotionEvent> ended = new CopyOnWriteArrayList<>();

  @BeforeEach
  void theSensorWorks() {
    signal.cold(0);
  }

  @AfterEach
  void everyHandleIsClosed() {
    assertThat(scene.pool.outstanding()).isZero();
    scene.close();
  }

  @Test
  void warmthBeginsAnEventThatNamesTheSensorAndThePictureGoesOnWithIt() {
    signal.warm(scene.nanosOf(60));
    signal.cold(scene.nanosOf(80));

    List<Span> spans = spans(FusionMode.OR);

    assertThat(spans).hasSize(1);
    Span span = spans.get(0);
    assertThat(span.startNanos()).isEqualTo(scene.nanosOf(60));
    assertThat(span.endNanos()).isGreaterThan(scene.nanosOf(100));
    assertThat(span.zones()).containsExactly("pir");
    assertThat(span.boxes()).isNotEmpty();
    assertThat(span.score()).isPositive();
    assertThat(began).hasSize(1);
    assertThat(ended).hasSize(1);
  }

  @Test
  void warmthIsToldAtTheNextFrame() {
    signal.warm(scene.nanosOf(20));
    signal.cold(scene.nanosOf(30));
    try (FusedAnalysis analysis =
        new FusedAnalysis(new MotionAnalyzer(MotionConfig.defaults()), fusion(FusionMode.OR))) {
      List<Integer> begins = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        try (Frame frame = scene.frame()) {
          if (analysis.analyze(frame).began().isPresent()) {
            begins.add(i);
          }
        }
      }
      assertThat(begins).containsExactly(20);
    }
  }

  @Test
  void motionThatTheSensorDoesNotFeelIsNoEventWhereBothAreAskedFor() {
    signal.warm(scene.nanosOf(5));
    signal.cold(scene.nanosOf(10));

    assertThat(spans(FusionMode.AND)).isEmpty();
    assertThat(began).isEmpty();
  }

  @Test
  void motionThatTheSensorFeelsLaterIsAnEventFromItsBeginning() {
    signal.warm(scene.nanosOf(95));
    signal.cold(scene.nanosOf(120));

    assertThat(spans(FusionMode.AND))
        .singleElement()
        .satisfies(
            span -> {
              assertThat(span.startNanos()).isBetween(scene.nanosOf(73), scene.nanosOf(79));
              assertThat(span.zones()).containsExactly("pir");
            });
  }

  @Test
  void thePictureCountsAloneAndTheSensorIsNotNamedWhereItCannotBeRead() {
    signal.lost(scene.nanosOf(1));
    for (FusionMode mode : List.of(FusionMode.AND, FusionMode.ONLY)) {
      DrawnScene again = new DrawnScene(PixelFormat.I420, 160, 120, 15);
      List<Span> spans = spans(mode, again);
      again.close();

      assertThat(spans).as("%s", mode).hasSize(1);
      assertThat(spans.get(0).zones()).isEmpty();
      assertThat(spans.get(0).startNanos()).isBetween(scene.nanosOf(73), scene.nanosOf(79));
    }
  }

  private List<Span> spans(FusionMode mode) {
    return spans(mode, scene);
  }

  private List<Span> spans(FusionMode mode, DrawnScene shown) {
    MotionListener listener =
        new MotionListener() {
          @Override
          public void began(MotionEvent event) {
            began.add(event);
          }

          @Override
          public void ended(MotionEvent event) {
            ended.add(event);
          }
        };
    MotionAids aids = new MotionAids(Optional.of(fusion(mode)), Optional.empty());
    MotionDetector detector =
        new MotionDetector("yard", MotionConfig.defaults(), false, listener, aids);
    for (int i = 0; i < FRAMES; i++) {
      shown.square(i < 75 || i > 105 ? null : DrawnScene.squareAt(0.1 + 0.7 * (i - 75) / 30, 0.4));
      try (Frame frame = shown.frame()) {
        detector.onFrame(frame);
      }
    }
    detector.close();
    return detector.spans(shown.nanosOf(0), shown.nanosOf(FRAMES), LONG);
  }

  private PirFusion fusion(FusionMode mode) {
    return new PirFusion(mode, Duration.ofSeconds(2), Duration.ofSeconds(1), signal);
  }
}
