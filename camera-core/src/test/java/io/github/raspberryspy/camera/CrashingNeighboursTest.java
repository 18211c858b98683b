package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.record.SegmentRecorder;
import io.github.raspberryspy.camera.snapshot.Snapshot;
import io.github.raspberryspy.camera.source.CameraSource;
import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.camera.supervise.CameraFault;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Whoever is beside a recording may crash as often as it likes, by whatever it throws. */
@Timeout(120)
class CrashingNeighboursTest {

  private static final int CRASHES = 1_000;

  private static final List<Supplier<Throwable>> FAILURES =
      List.of(
          () -> new IllegalStateException("a bug"),
          () -> new StackOverflowError("too deep"),
          () -> new OutOfMemoryError("too much"),
          () -> new NoClassDefFoundError("not here"),
          () -> new AssertionError("not so"));

  @TempDir Path root;

  @RegisterExtension final FrameLeakExtension leaks = new FrameLeakExtension();

  private final AtomicLong crashes = new AtomicLong();

  /* Each crash is logged with its stack; thousands of them help nobody. */
  private final List<Logger> logs =
      Stream.of(CarefulListener.class, SegmentRecorder.class)
          .map(type -> Logger.getLogger(type.getName()))
          .toList();

  @BeforeEach
  void hush() {
    logs.forEach(log -> log.setLevel(Level.OFF));
  }

  @AfterEach
  void speak() {
    logs.forEach(log -> log.setLevel(null));
  }

  /** Each time by another throwable, whatever the method says that it throws. */
  private void crash() {
    int n = (int) (crashes.getAndIncrement() % FAILURES.size());
    CrashingNeighboursTest.<RuntimeException>raise(FAILURES.get(n).get());
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> void raise(Throwable failure) throws T {
    throw (T) failure;
  }

  private CameraPipelineBuilder live(int frames) {
    return CameraPipeline.builder()
        .source((Supplier<CameraSource>) () -> new ScriptedSource(64, 48, true).frames(frames))
        .record(RecorderConfig.into(root).segment(Duration.ofHours(1)));
  }

  /** Nothing that was captured is missing, and nothing that should have been captured was lost. */
  private void assertAllIsRecorded(CameraPipeline camera, long frames) throws Exception {
    camera.awaitStop();
    assertThat(camera.counters().framesDropped()).isZero();
    assertThat(camera.counters().get(Counter.FRAMES_CAPTURED)).isEqualTo(frames);
    List<SealedSegment> sealed = Spool.open(root, "camera").sealed();
    assertThat(sealed).allSatisfy(s -> assertThat(s.manifest().gaps()).isEmpty());
    assertThat(sealed.stream().map(SealedSegment::manifest).mapToLong(SegmentManifest::frames))
        .satisfies(counts -> assertThat(counts.stream().mapToLong(n -> n).sum()).isEqualTo(frames));
    assertThat(crashes.get()).isGreaterThanOrEqualTo(CRASHES);
  }

  /** Lets the next frame come only when this one is encoded: the machine's load drops none. */
  private static FrameSink pacer(Supplier<CameraPipeline> camera) {
    return frame -> {
      while (camera.get() == null
          || camera.get().counters().get(Counter.FRAMES_ENCODED) < frame.number()) {
        Thread.onSpinWait();
      }
    };
  }

  @Test
  void aSinkThatCrashesOnEachFrameCostsNone() throws Exception {
    CameraPipeline[] running = new CameraPipeline[1];
    FrameSink crashing =
        new FrameSink() {
          @Override
          public void onFrame(Frame frame) {
            crash();
          }

          @Override
          public void onStream(StreamInfo info) {
            crash();
          }
        };
    try (CameraPipeline camera =
        live(CRASHES).sink(crashing).sink(pacer(() -> running[0])).start()) {
      running[0] = camera;
      assertAllIsRecorded(camera, CRASHES);
      assertThat(camera.counters().get(Counter.SINK_FAILURES)).isEqualTo(CRASHES + 1);
    }
  }

  @Test
  void whoAsksForSnapshotsMayCrashOnEach() throws Exception {
    CameraPipeline[] running = new CameraPipeline[1];
    List<CompletableFuture<Snapshot>> asked = new ArrayList<>();
    FrameSink asking =
        frame -> asked.add(running[0].snapshot().whenComplete((picture, failure) -> crash()));
    try (CameraPipeline camera = live(CRASHES).sink(pacer(() -> running[0])).sink(asking).start()) {
      running[0] = camera;
      assertAllIsRecorded(camera, CRASHES);
    }
  }

  @Test
  void whoKnowsOfMotionAndWhoListensMayCrashAtEachSegment() throws Exception {
    int frames = CRASHES / 2 * ScriptedSource.FPS;
    PipelineListener crashing =
        new PipelineListener() {
          @Override
          public void onState(PipelineState state, String problem) {
            crash();
          }

          @Override
          public void onStream(StreamInfo info) {
            crash();
          }

          @Override
          public void onSealed(SealedSegment segment) {
            crash();
          }

          @Override
          public void onProblem(String sentence) {
            crash();
          }

          @Override
          public void onFault(CameraFault fault) {
            crash();
          }
        };
    CameraPipeline[] running = new CameraPipeline[1];
    try (CameraPipeline camera =
        live(frames)
            .record(RecorderConfig.into(root).segment(Duration.ofSeconds(1)))
            .annotator(
                (from, to, patience) -> {
                  crash();
                  return List.of();
                })
            .listener(crashing)
            .sink(pacer(() -> running[0]))
            .start()) {
      running[0] = camera;
      assertAllIsRecorded(camera, frames);
      assertThat(camera.counters().get(Counter.SEGMENTS_SEALED)).isEqualTo(CRASHES / 2);
    }
  }
}
