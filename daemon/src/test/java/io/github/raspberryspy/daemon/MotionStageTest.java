package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSink;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.record.SegmentAnnotator;
import io.github.raspberryspy.camera.record.SegmentAnnotator.Unknown;
import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.motion.FusionMode;
import io.github.raspberryspy.motion.MotionAids;
import io.github.raspberryspy.motion.MotionConfig;
import io.github.raspberryspy.motion.MotionEvent;
import io.github.raspberryspy.motion.MotionListener;
import io.github.raspberryspy.motion.PirFusion;
import io.github.raspberryspy.motion.PirSignal;
import io.github.raspberryspy.segments.Box;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MotionStageTest {

  private static final long SECOND = 1_000_000_000L;

  private static MotionStage stage() {
    return MotionStage.attachTo(
        CameraPipeline.builder(),
        "front",
        MotionConfig.defaults(),
        MotionAids.NONE,
        MotionListener.NONE);
  }

  @Test
  void whatWasNotDecodedIsNotKnown() {
    try (FramePool pool = FramePool.allocate(PixelFormat.I420, 64, 48, 2);
        MotionStage stage = stage()) {
      stage.onStream(new StreamInfo(true, true, 64, 48, 10, Optional.empty(), List.of()));
      try (Frame frame = pool.poll().publish(0, 0, SECOND)) {
        stage.onFrame(frame);
      }
      stage.onUnseen(3 * SECOND);
      assertThat(stage.unknown(SECOND, 3 * SECOND))
          .anyMatch(span -> span.startNanos() == SECOND && span.endNanos() == 3 * SECOND);
    }
  }

  /** Only the source knows what it writes into its pictures, and only once it is open. */
  @Test
  void whereTheSourceCoversAllThatIsLeftNothingIsKnown() {
    try (FramePool pool = FramePool.allocate(PixelFormat.I420, 64, 48, 2);
        MotionStage stage = stage()) {
      List<Box> all = List.of(new Box(0, 0, 1, 1));
      stage.onStream(new StreamInfo(true, true, 64, 48, 10, Optional.empty(), all));
      try (Frame frame = pool.poll().publish(0, 0, SECOND)) {
        stage.onFrame(frame);
      }
      stage.onQuiet(2 * SECOND);
      stage.onUnseen(3 * SECOND);
      assertThat(stage.wantsEveryFrame()).isFalse();
      assertThat(stage.spans(SECOND, 3 * SECOND, Duration.ofMinutes(1))).isEmpty();
      assertThat(stage.unknown(SECOND, 3 * SECOND))
          .containsExactly(
              new Unknown(SECOND, 3 * SECOND, "masks leave no place where motion would count"));
    }
  }

  /** It may take seconds to end: it knows nothing of the run that has begun. */
  @Test
  void theDetectorOfTheRunBeforeAnswersForNoOther() throws Exception {
    CountDownLatch ending = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    MotionListener slow =
        new MotionListener() {
          @Override
          public void ended(MotionEvent event) {
            ending.countDown();
            await().until(() -> goOn.getCount() == 0);
          }
        };
    PirSignal warm = new PirSignal();
    warm.warm(0);
    PirFusion sensor = new PirFusion(FusionMode.OR, Duration.ZERO, Duration.ZERO, warm);
    MotionAids aids = new MotionAids(Optional.of(sensor), Optional.empty());
    StreamInfo info = new StreamInfo(true, true, 64, 48, 10, Optional.empty(), List.of());
    try (FramePool pool = FramePool.allocate(PixelFormat.I420, 64, 48, 2);
        MotionStage stage =
            MotionStage.attachTo(
                CameraPipeline.builder(), "front", MotionConfig.defaults(), aids, slow)) {
      stage.onStream(info);
      try (Frame frame = pool.poll().publish(0, 0, SECOND)) {
        stage.onFrame(frame);
      }
      await().until(() -> stage.seenUntilNanos().orElseThrow() == SECOND);
      Thread next = new Thread(() -> stage.onStream(info), "stream-test");
      next.start();
      ending.await();
      assertThat(stage.spans(0, 2 * SECOND, Duration.ZERO)).isEmpty();
      assertThat(stage.seenUntilNanos()).hasValue(Long.MIN_VALUE);
      assertThat(stage.unknown(0, 2 * SECOND))
          .containsExactly(new Unknown(0, 2 * SECOND, "detection has not started"));
      goOn.countDown();
      next.join();
    }
  }

  /** What they do of themselves where they are not asked would be lost upon the detector. */
  @Test
  void everyCallReachesTheDetector() {
    assertThat(Stream.of(FrameSink.class, SegmentAnnotator.class))
        .allSatisfy(
            type -> {
              for (Method method : type.getMethods()) {
                assertThat(
                        MotionStage.class.getMethod(method.getName(), method.getParameterTypes()))
                    .extracting(Method::getDeclaringClass)
                    .isEqualTo(MotionStage.class);
              }
            });
  }
}
