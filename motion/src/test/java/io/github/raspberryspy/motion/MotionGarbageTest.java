package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import io.github.raspberryspy.camera.Frame;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A still scene leaves nothing for the garbage collector: what the detector's thread allocates. */
@Timeout(120)
class MotionGarbageTest {

  private static final int WARM_UP = 2_000;
  private static final int FRAMES = 4_000;

  /**
   * Interpreted ({@code -Dtest.options=-Xint}) it is 0 bytes. The optimising compiler makes an
   * object or two each time that it takes an optimisation back; the smallest one a second would be
   * more.
   */
  private static final long COMPILERS = 2_048;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @CsvSource({"1920, 1080, 2", "1920, 1080, 12", "320, 240, 6"})
  void lookingAtAStillSceneLeavesNoGarbage(int width, int height, double noise) {
    long spent = 0;
    int moving = 0;
    try (NoisyPictures pictures = new NoisyPictures(width, height, noise);
        MotionAnalyzer analyzer = new MotionAnalyzer(MotionConfig.defaults())) {
      for (int i = 0; i < WARM_UP + FRAMES; i++) {
        try (Frame frame = pictures.frame()) {
          long before = threads.getCurrentThreadAllocatedBytes();
          MotionResult result = analyzer.analyze(frame);
          long after = threads.getCurrentThreadAllocatedBytes();
          moving += result.motion() ? 1 : 0;
          spent += i < WARM_UP ? 0 : after - before;
        }
      }
    }
    assertThat(moving).isZero();
    assertThat(spent).as("bytes of %d frames", FRAMES).isLessThan(COMPILERS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theDetectorsThreadLeavesNoGarbageEither(boolean hasAids) {
    MotionAids aids = hasAids ? aids() : MotionAids.NONE;
    try (NoisyPictures pictures = new NoisyPictures(1920, 1080, 2);
        MotionDetector detector =
            new MotionDetector("yard", MotionConfig.defaults(), false, MotionListener.NONE, aids)) {
      show(detector, pictures, WARM_UP);
      long thread = threadOf("motion-yard");
      long before = threads.getThreadAllocatedBytes(thread);
      show(detector, pictures, FRAMES);
      assertThat(threads.getThreadAllocatedBytes(thread) - before)
          .as("bytes of %d frames", FRAMES)
          .isLessThan(COMPILERS);
      assertThat(detector.failures()).isZero();
    }
  }

  /** All that there is beside the picture: a sensor, the watch over the view, and a schedule. */
  private static MotionAids aids() {
    PirSignal signal = new PirSignal();
    signal.cold(0);
    return new MotionAids(
        Optional.of(new PirFusion(FusionMode.OR, Duration.ZERO, Duration.ofSeconds(1), signal)),
        Optional.of(new TamperWatch("yard", fault -> {})),
        Schedule.of(List.of("daily 00:00 to 24:00"), ZoneOffset.UTC, Optional.empty()));
  }

  private static void show(MotionDetector detector, NoisyPictures pictures, int frames) {
    long upTo = detector.framesSeen() + frames;
    for (int i = 0; i < frames; i++) {
      try (Frame frame = pictures.frame()) {
        detector.onFrame(frame);
      }
    }
    await().until(() -> detector.framesAnalysed() == upTo);
  }

  private static long threadOf(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .findAny()
        .orElseThrow()
        .getId();
  }
}
