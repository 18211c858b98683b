package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Detection may crash on every frame, by whatever it throws: the recording does not notice. */
@Timeout(120)
class MotionCrashTest {

  private static final int CRASHES = 1_000;

  private static final List<Supplier<Throwable>> FAILURES =
      List.of(
          () -> new IllegalStateException("a bug"),
          () -> new StackOverflowError("too deep"),
          () -> new OutOfMemoryError("too much"),
          () -> new UnsatisfiedLinkError("not here"));

  @TempDir Path root;

  private final AtomicLong crashes = new AtomicLong();

  /** Fails on each frame, and again when it is told to end. */
  private final class Crashing implements Analysis {
    @Override
    public MotionResult analyze(Frame frame) {
      int n = (int) (crashes.getAndIncrement() % FAILURES.size());
      MotionCrashTest.<RuntimeException>raise(FAILURES.get(n).get());
      return MotionResult.STILL;
    }

    @Override
    public Optional<MotionEvent> current() {
      return Optional.empty();
    }

    @Override
    public Optional<MotionEvent> finish() {
      throw new StackOverflowError("too deep");
    }

    @Override
    public void close() {}
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> void raise(Throwable failure) throws T {
    throw (T) failure;
  }

  @Test
  void aDetectionThatCrashesAThousandTimesCostsTheRecordingNoFrame() throws Exception {
    try (MotionDetector detector =
            new MotionDetector(
                "camera",
                new MotionDetector.Seams(
                    Crashing::new, InstantSource.system(), MotionWatch::everySecond),
                false,
                MotionListener.NONE,
                Schedule.always());
        CameraPipeline camera =
            CameraPipeline.builder()
                .source("test://?size=64x48&fps=30&realtime=false&frames=" + CRASHES)
                .record(RecorderConfig.into(root))
                .sink(detector)
                .annotator(detector)
                .start()) {
      camera.awaitStop();
      assertThat(camera.counters().framesDropped()).isZero();
      assertThat(camera.counters().get(Counter.FRAMES_RECORDED)).isEqualTo(CRASHES);
      detector.close();
      assertThat(detector.failures()).isEqualTo(CRASHES);
    }
    assertThat(Spool.open(root, "camera").sealed())
        .allSatisfy(
            segment -> {
              assertThat(segment.manifest().motion()).isEmpty();
              assertThat(segment.manifest().unknown())
                  .as("never \"no motion\"")
                  .singleElement()
                  .satisfies(
                      span -> {
                        assertThat(span.start()).isEqualTo(segment.manifest().start());
                        assertThat(span.end()).isEqualTo(segment.manifest().end());
                        assertThat(span.reason()).isEqualTo(DetectionReport.FAILED);
                      });
              assertThat(segment.manifest().mayHaveMotion()).isTrue();
            })
        .extracting(SealedSegment::manifest)
        .extracting(SegmentManifest::frames)
        .containsExactly((long) CRASHES);
  }
}
