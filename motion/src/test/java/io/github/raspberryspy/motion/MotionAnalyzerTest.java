package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.segments.Box;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MotionAnalyzerTest {

  private final List<MotionEvent> events = new ArrayList<>();
  private final List<MotionResult> results = new ArrayList<>();

  @Test
  void noiseIsNoMotion() {
    try (DrawnScene scene = new DrawnScene(PixelFormat.I420, 320, 240, 15).sigma(8)) {
      watch(scene, MotionConfig.defaults(), 300, n -> {});
    }
    assertThat(events).isEmpty();
    assertThat(results).allMatch(result -> result.equals(MotionResult.STILL));
  }

  @ParameterizedTest
  @EnumSource(PixelFormat.class)
  void passingSquareIsAnEventWithItsTimesAndPlace(PixelFormat format) {
    passingSquare(format, 320, 240, 15);
  }

  @ParameterizedTest
  @CsvSource({
    "32,24,10",
    "33,25,10",
    "160,120,4",
    "319,241,12",
    "641,483,10",
    "854,480,25",
    "1920,1080,5",
    "240,320,10",
    "1280,200,10"
  })
  void sizesAndRatesOfAllKindsAreTaken(int width, int height, double fps) {
    passingSquare(PixelFormat.I420, width, height, fps);
  }

  @Test
  void oddSizesOfYuyvAreTaken() {
    passingSquare(PixelFormat.YUYV, 322, 241, 10);
  }

  @ParameterizedTest
  @EnumSource(
      value = PixelFormat.class,
      names = {"RGB24", "BGR24"})
  void greenStandsForTheBrightnessOfColours(PixelFormat format) {
    passingSquare(format, 322, 241, 10);
  }

  @Test
  void brightnessStepIsNoMotion() {
    try (DrawnScene scene = new DrawnScene(PixelFormat.I420, 320, 240, 15)) {
      watch(scene, MotionConfig.defaults(), 300, n -> scene.gain(n < 100 || n > 200 ? 1 : 1.3));
    }
    assertThat(events).isEmpty();
  }

  @Test
  void maskedAreaIsIgnored() {
    MotionConfig config = MotionConfig.defaults().withMasks(List.of(new Box(0, 0.3, 1, 0.4)));
    try (DrawnScene scene = new DrawnScene(PixelFormat.I420, 320, 240, 15)) {
      watch(scene, config, 200, n -> scene.square(squareOf(n, 15)));
    }
    assertThat(events).isEmpty();
  }

  @Test
  void pictureMayChangeItsSize() {
    try (MotionAnalyzer analyzer = new MotionAnalyzer(MotionConfig.defaults());
        DrawnScene small = new DrawnScene(PixelFormat.I420, 320, 240, 15);
        DrawnScene large = new DrawnScene(PixelFormat.NV12, 640, 360, 15)) {
      for (int i = 0; i < 30; i++) {
        look(analyzer, small);
        small.square(DrawnScene.squareAt(i / 60.0, 0.4));
      }
      while (large.nanosOf(large.next()) < small.nanosOf(small.next())) {
        large.frame().close();
      }
      for (int i = 0; i < 60; i++) {
        look(analyzer, large);
      }
      assertThat(small.pool.outstanding() + large.pool.outstanding()).isZero();
    }
    assertThat(events).hasSize(1);
  }

  @Test
  void sameFramesGiveSameVerdicts() {
    List<List<MotionResult>> runs = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      results.clear();
      try (DrawnScene scene = new DrawnScene(PixelFormat.I420, 320, 240, 15)) {
        watch(scene, MotionConfig.defaults(), 120, n -> scene.square(squareOf(n, 15)));
      }
      runs.add(List.copyOf(results));
    }
    assertThat(runs.get(0)).isEqualTo(runs.get(1));
  }

  private void passingSquare(PixelFormat format, int width, int height, double fps) {
    int last = (int) (12 * fps);
    try (DrawnScene scene = new DrawnScene(format, width, height, fps)) {
      watch(scene, MotionConfig.defaults(), last, n -> scene.square(squareOf(n, fps)));
      assertThat(events).hasSize(1);
      MotionEvent event = events.get(0);
      double slack = Math.max(0.3, 1.01 / fps);
      assertThat(seconds(event.startNanos())).isCloseTo(5, within(slack));
      assertThat(seconds(event.endNanos())).isCloseTo(8, within(slack));
      assertThat(event.score()).isBetween(0.002, 0.13);
    }
    int middle = (int) (6.5 * fps);
    Box square = squareOf(middle, fps);
    assertThat(results.get(middle).boxes())
        .first()
        .satisfies(box -> assertThat(overlap(box, square)).isGreaterThan(0.15));
  }

  /** Crosses the picture between seconds 5 and 8. */
  private static Box squareOf(long n, double fps) {
    double seconds = n / fps;
    return seconds < 5 || seconds > 8
        ? null
        : DrawnScene.squareAt(0.1 + 0.7 * (seconds - 5) / 3, 0.4);
  }

  private void watch(DrawnScene scene, MotionConfig config, int frames, Consumer<Long> change) {
    try (MotionAnalyzer analyzer = new MotionAnalyzer(config)) {
      for (int i = 0; i < frames; i++) {
        change.accept(scene.next());
        look(analyzer, scene);
      }
      analyzer.finish().ifPresent(events::add);
    }
    assertThat(scene.pool.outstanding()).isZero();
  }

  private void look(MotionAnalyzer analyzer, DrawnScene scene) {
    try (Frame frame = scene.frame()) {
      MotionResult result = analyzer.analyze(frame);
      results.add(result);
      result.ended().ifPresent(events::add);
    }
  }

  private static double seconds(long nanos) {
    return (nanos - DrawnScene.START_NANOS) / 1e9;
  }

  /** Shared area as a share of both together. */
  private static double overlap(Box a, Box b) {
    double across = Math.min(a.x() + a.width(), b.x() + b.width()) - Math.max(a.x(), b.x());
    double down = Math.min(a.y() + a.height(), b.y() + b.height()) - Math.max(a.y(), b.y());
    double both = Math.max(0, across) * Math.max(0, down);
    return both / (a.width() * a.height() + b.width() * b.height() - both);
  }
}
