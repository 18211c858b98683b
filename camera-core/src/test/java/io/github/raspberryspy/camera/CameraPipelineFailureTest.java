package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.source.CameraSource;
import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CameraPipelineFailureTest {

  @TempDir Path root;

  @RegisterExtension final FrameLeakExtension leaks = new FrameLeakExtension();

  private CameraPipelineBuilder pipeline() {
    return CameraPipeline.builder()
        .record(RecorderConfig.into(root).segment(Duration.ofSeconds(2)));
  }

  private CameraPipelineBuilder scripted(CameraSource... sources) {
    ArrayDeque<CameraSource> left = new ArrayDeque<>(Arrays.asList(sources));
    return pipeline().source(left::remove);
  }

  private static ScriptedSource source(boolean isLive) {
    return new ScriptedSource(64, 48, isLive);
  }

  @Test
  void stoppingSealsEverythingThatWasCaptured() throws Exception {
    CameraPipeline camera = pipeline().source("test://?size=160x120&fps=30&realtime=true").start();
    await().until(() -> camera.counters().get(Counter.FRAMES_RECORDED) > 40);
    camera.close();
    assertThat(camera.state()).isEqualTo(PipelineState.STOPPED);
    Counters counters = camera.counters();
    List<SegmentManifest> manifests = Sealed.manifests(root);
    assertThat(Sealed.frames(manifests))
        .isEqualTo(counters.get(Counter.FRAMES_RECORDED))
        .isEqualTo(
            counters.get(Counter.FRAMES_CAPTURED)
                - counters.get(Counter.FRAMES_REFUSED_BY_ENCODER));
    assertThat(manifests.get(manifests.size() - 1).closed()).isEqualTo(CloseReason.STOP);
    assertThat(Spool.open(root, "camera").list(".mp4.part")).isEmpty();
    camera.close();
  }

  @Test
  void aSinkThatThrowsCostsNoFrame() throws Exception {
    FrameSink broken =
        new FrameSink() {
          @Override
          public void onFrame(Frame frame) {
            throw new IllegalStateException("sink broke");
          }

          @Override
          public void onStream(StreamInfo info) {
            throw new IllegalStateException("sink broke");
          }
        };
    try (CameraPipeline camera = scripted(source(false).frames(35)).sink(broken).start()) {
      camera.awaitStop();
    }
    assertThat(Sealed.frames(Sealed.manifests(root))).isEqualTo(35);
  }

  @Test
  void aListenerThatThrowsCostsNoFrameAndHoldsUpNoEnd() throws Exception {
    PipelineListener broken =
        new PipelineListener() {
          @Override
          public void onState(PipelineState state, String problem) {
            throw new IllegalStateException("listener broke");
          }

          @Override
          public void onStream(StreamInfo info) {
            throw new IllegalStateException("listener broke");
          }

          @Override
          public void onSealed(SealedSegment segment) {
            throw new IllegalStateException("listener broke");
          }
        };
    try (CameraPipeline camera = scripted(source(false).frames(35)).listener(broken).start()) {
      camera.awaitStop();
    }
    assertThat(Sealed.frames(Sealed.manifests(root))).isEqualTo(35);
  }

  @Test
  void aSourceThatBreaksIsOpenedAgainAsANewRunAndTheLossIsListed() throws Exception {
    ScriptedSource first = source(true).then(() -> {}).frames(4).breaks(Kind.DEVICE_TIMEOUT);
    ScriptedSource second = source(true).frames(4);
    List<PipelineState> states = new ArrayList<>();
    PipelineListener listener =
        new PipelineListener() {
          @Override
          public void onState(PipelineState state, String problem) {
            states.add(state);
          }
        };
    try (CameraPipeline camera = scripted(first, second).listener(listener).retries(true).start()) {
      camera.awaitStop();
      assertThat(camera.counters().get(Counter.RUNS)).isEqualTo(2);
      assertThat(camera.counters().get(Counter.FRAMES_CAPTURED)).isEqualTo(8);
    }
    List<SegmentManifest> manifests = Sealed.manifests(root);
    assertThat(manifests).extracting(m -> m.id().run()).containsExactly(1L, 2L);
    assertThat(manifests.get(0).gaps()).isEmpty();
    assertThat(manifests.get(1).gaps())
        .containsExactly(new Gap(manifests.get(0).end(), manifests.get(1).start(), "restart"));
    assertThat(states)
        .containsExactly(
            PipelineState.STARTING,
            PipelineState.RUNNING,
            PipelineState.RETRYING,
            PipelineState.STARTING,
            PipelineState.RUNNING,
            PipelineState.STOPPED);
  }

  @Test
  void aSourceThatBreaksWithoutRetriesIsToldAndWhatItGaveIsSealed() throws Exception {
    try (CameraPipeline camera =
        scripted(source(false).frames(25).breaks(Kind.DEVICE_TIMEOUT)).start()) {
      assertThatExceptionOfType(CameraException.class)
          .isThrownBy(camera::awaitStop)
          .withMessage("the scripted camera broke")
          .matches(e -> e.kind() == Kind.DEVICE_TIMEOUT);
      assertThat(camera.state()).isEqualTo(PipelineState.STOPPED);
    }
    assertThat(Sealed.frames(Sealed.manifests(root))).isEqualTo(25);
  }

  @Test
  void aFaultThatNoRetryMendsEndsEvenAPipelineThatRetries() throws Exception {
    try (CameraPipeline camera =
        scripted(source(false).frames(5).breaks(Kind.CORRUPT)).retries(true).start()) {
      assertThatExceptionOfType(CameraException.class).isThrownBy(camera::awaitStop);
    }
    assertThat(Sealed.frames(Sealed.manifests(root))).isEqualTo(5);
  }

  @Test
  void aSpoolIsRecordedIntoByOnePipelineAtATime() throws Exception {
    CameraPipeline camera = pipeline().source("test://?size=64x48&fps=5").start();
    try (camera) {
      assertThatExceptionOfType(CameraException.class)
          .isThrownBy(() -> pipeline().source("test://").start())
          .matches(e -> e.kind() == Kind.DISK_FAILED)
          .withMessageContaining("in use")
          .withMessageNotContaining("\n");
    }
    try (CameraPipeline next = scripted(source(false).frames(3)).start()) {
      next.awaitStop();
    }
  }

  @Test
  void aStartThatFailsLeavesTheSpoolFree() throws Exception {
    Path obstacle = root.resolve("camera").resolve("recording.lock");
    Files.createDirectories(obstacle.resolve("in it"));
    assertThatExceptionOfType(CameraException.class)
        .isThrownBy(() -> scripted(source(false).frames(3)).start())
        .matches(e -> e.kind() == Kind.DISK_FAILED)
        .withMessageContaining("cannot be locked");
    Files.delete(obstacle.resolve("in it"));
    Files.delete(obstacle);
    try (CameraPipeline camera = scripted(source(false).frames(3)).start()) {
      camera.awaitStop();
    }
    assertThat(Sealed.frames(Sealed.manifests(root))).isEqualTo(3);
  }

  @Test
  void whatASlowEncoderRefusesIsCountedAndListed() throws Exception {
    AtomicReference<CameraPipeline> running = new AtomicReference<>();
    Runnable drained =
        () -> {
          await().until(() -> running.get() != null);
          Counters c = running.get().counters();
          await()
              .until(
                  () ->
                      c.get(Counter.FRAMES_ENCODED) + c.get(Counter.FRAMES_REFUSED_BY_ENCODER)
                          == c.get(Counter.FRAMES_CAPTURED));
        };
    Seams.Encoding slow =
        (encoder, frame, into) -> {
          if (frame.number() == 1) {
            Counters c = running.get().counters();
            await().until(() -> c.get(Counter.FRAMES_REFUSED_BY_ENCODER) > 0);
          }
          encoder.encode(frame, into);
        };
    ScriptedSource source = source(true).frames(1).then(drained).frames(60).then(drained);
    source.frames(4).then(drained);
    Counters counters;
    try (CameraPipeline camera =
        scripted(source)
            .record(RecorderConfig.into(root))
            .seams(new Seams(System::nanoTime, slow))
            .start()) {
      running.set(camera);
      camera.awaitStop();
      counters = camera.counters();
    }
    long refused = counters.get(Counter.FRAMES_REFUSED_BY_ENCODER);
    assertThat(refused).isPositive();
    assertThat(counters.framesDropped()).isEqualTo(refused + lostAtSource(counters));
    List<SegmentManifest> manifests = Sealed.manifests(root);
    assertThat(Sealed.frames(manifests)).isEqualTo(counters.get(Counter.FRAMES_CAPTURED) - refused);
    long missingMillis =
        manifests.stream()
            .flatMap(m -> m.gaps().stream())
            .mapToLong(gap -> Duration.between(gap.start(), gap.end()).toMillis())
            .sum();
    assertThat(missingMillis).isEqualTo(100 * (refused + lostAtSource(counters)));
  }

  private static long lostAtSource(Counters counters) {
    return counters.get(Counter.FRAMES_LOST_AT_SOURCE);
  }
}
