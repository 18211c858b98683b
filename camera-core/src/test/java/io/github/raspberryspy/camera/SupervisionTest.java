package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.encode.FakeHardware;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.source.CameraSource;
import io.github.raspberryspy.camera.supervise.SuperviseConfig;
import io.github.raspberryspy.natives.v4l2.FakeEncoder;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A camera or an encoder that falls silent without a word is opened again, and the loss is listed.
 */
@Timeout(60)
class SupervisionTest {

  private static final Instant START = Instant.parse("2026-11-23T14:00:00Z");

  @TempDir Path root;

  private final HastyClock clock = new HastyClock();
  private final Notes notes = new Notes();
  private final CountDownLatch released = new CountDownLatch(1);

  @AfterEach
  void letGo() {
    released.countDown();
  }

  private CameraPipelineBuilder pipeline(CameraSource... sources) {
    ArrayDeque<CameraSource> left = new ArrayDeque<>(Arrays.asList(sources));
    return CameraPipeline.builder()
        .source(left::remove)
        .record(RecorderConfig.into(root).segment(Duration.ofSeconds(2)))
        .retries(true)
        .listener(notes)
        .seams(new Seams(clock, Seams.none().encoding()));
  }

  private static ScriptedSource live() {
    return new ScriptedSource(64, 48, true).then(() -> {});
  }

  /** A source that stalls after so many frames, but not before they are in the recording. */
  private ScriptedSource stalling(AtomicReference<CameraPipeline> camera, int frames) {
    return live().frames(frames).then(() -> recorded(camera, frames)).then(clock::hurry);
  }

  private static void recorded(AtomicReference<CameraPipeline> camera, long frames) {
    await().until(() -> camera.get() != null);
    await().until(() -> camera.get().counters().get(Counter.FRAMES_RECORDED) >= frames);
  }

  private void assertGap(String reason, long before, long after) throws IOException {
    List<SegmentManifest> manifests = Sealed.manifests(root);
    assertThat(manifests).extracting(SegmentManifest::frames).containsExactly(before, after);
    assertThat(manifests.get(1).gaps())
        .containsExactly(new Gap(manifests.get(0).end(), manifests.get(1).start(), reason));
  }

  @Test
  void aCameraThatFallsSilentIsOpenedAgainAndTheGapIsListed() throws Exception {
    AtomicReference<CameraPipeline> running = new AtomicReference<>();
    ScriptedSource first = stalling(running, 5).silence().frames(1);
    try (CameraPipeline camera = pipeline(first, live().then(clock::calm).frames(4)).start()) {
      running.set(camera);
      camera.awaitStop();
      assertThat(camera.counters().get(Counter.CAPTURE_STALLS)).isEqualTo(1);
      assertThat(camera.counters().get(Counter.RUNS)).isEqualTo(2);
      assertThat(camera.counters().get(Counter.RUNS_ABANDONED)).isZero();
    }
    assertGap("the source stalled", 5, 4);
    assertThat(notes.faults).containsExactly("capture-stalled", "end capture-stalled");
    assertThat(notes.states)
        .containsExactly(
            PipelineState.STARTING,
            PipelineState.RUNNING,
            PipelineState.RETRYING,
            PipelineState.STARTING,
            PipelineState.RUNNING,
            PipelineState.STOPPED);
  }

  /** A cable that is pulled: nothing stalls, and nothing can be opened any more. */
  @Test
  void aSourceThatIsGoneIsAFaultUntilItGivesPicturesAgain() throws Exception {
    CameraException gone = new CameraException(Kind.DEVICE_ABSENT, "no cameras available");
    Supplier<ScriptedSource> absent =
        () ->
            live()
                .then(
                    () -> {
                      throw gone;
                    });
    CameraSource first =
        live()
            .frames(3)
            .then(
                () -> {
                  throw gone;
                });
    try (CameraPipeline camera =
        pipeline(first, absent.get(), absent.get(), live().frames(4)).start()) {
      camera.awaitStop();
    }
    assertThat(notes.faults).containsExactly("source-missing!", "end source-missing");
    assertThat(notes.sentences.get(0))
        .isEqualTo("camera camera films nothing: no cameras available");
  }

  @Test
  void aCameraThatHangsInANativeCallIsLeftBehindAndAnotherRunGoesOn() throws Exception {
    AtomicReference<CameraPipeline> running = new AtomicReference<>();
    ScriptedSource first = stalling(running, 5).hangs(released).frames(7);
    try (CameraPipeline camera = pipeline(first, live().then(clock::calm).frames(4)).start()) {
      running.set(camera);
      camera.awaitStop();
      assertThat(camera.counters().get(Counter.RUNS_ABANDONED)).isEqualTo(1);
      released.countDown();
      awaitThreadsEnd();
      assertThat(camera.counters().get(Counter.FRAMES_CAPTURED))
          .as("what the abandoned run still delivers does not count")
          .isEqualTo(9);
    }
    assertGap("the source stalled", 5, 4);
    assertThat(notes.problems)
        .singleElement()
        .asString()
        .contains("leaves behind what hangs")
        .contains("capture-camera in ");
  }

  @Test
  void anEncoderThatHangsInANativeCallIsLeftBehindAndAnotherRunGoesOn() throws Exception {
    AtomicReference<CameraPipeline> running = new AtomicReference<>();
    Seams.Encoding hanging =
        (encoder, frame, into) -> {
          if (frame.number() == 5 && camera(running).counters().get(Counter.RUNS) == 1) {
            clock.hurry();
            ScriptedSource.await(released);
          }
          encoder.encode(frame, into);
        };
    ScriptedSource first = live().frames(6).silence();
    try (CameraPipeline camera =
        pipeline(first, live().then(clock::calm).frames(4))
            .seams(new Seams(clock, hanging))
            .start()) {
      running.set(camera);
      camera.awaitStop();
      assertThat(camera.counters().get(Counter.ENCODER_STALLS)).isEqualTo(1);
      assertThat(camera.counters().get(Counter.RUNS_ABANDONED)).isEqualTo(1);
      assertThat(notes.problems).singleElement().asString().contains("encode-camera in ");
      released.countDown();
      awaitThreadsEnd();
    }
    assertGap("the encoder stalled", 5, 4);
    assertThat(notes.faults).containsExactly("encoder-stalled", "end encoder-stalled");
  }

  @Test
  void anEncoderThatFallsSilentIsOpenedAgainAndTheSecondTimeInTenMinutesIsAnAlert()
      throws Exception {
    Seams.Encoding silent =
        (encoder, frame, into) -> encoder.encode(frame, frame.number() < 5 ? into : packet -> {});
    Runnable later = () -> clock.pass(Duration.ofMinutes(10));
    try (CameraPipeline camera =
        pipeline(
                falling(() -> {}),
                falling(() -> {}),
                falling(later),
                live().then(clock::calm).frames(4))
            .seams(new Seams(clock, silent))
            .start()) {
      camera.awaitStop();
      assertThat(camera.counters().get(Counter.ENCODER_STALLS)).isEqualTo(3);
      assertThat(camera.counters().get(Counter.RUNS_ABANDONED)).isZero();
    }
    assertThat(notes.faults)
        .containsExactly(
            "encoder-stalled",
            "end encoder-stalled",
            "encoder-stalled!",
            "end encoder-stalled",
            "encoder-stalled",
            "end encoder-stalled");
    assertThat(Sealed.manifests(root))
        .extracting(SegmentManifest::frames)
        .containsExactly(5L, 5L, 5L, 4L);
  }

  @Test
  void aHardwareEncoderThatStallsEndsInOrderAndIsOpenedAgain() throws Exception {
    FakeEncoder device = new FakeEncoder();
    Seams.Opening hardware = (config, image, fps) -> FakeHardware.open(device, config, image, fps);
    ArrayDeque<CameraSource> sources = new ArrayDeque<>();
    sources.add(falling(() -> {}));
    sources.add(live().then(clock::calm).then(() -> device.stalls(false)).frames(4));
    Seams.Encoding stalling =
        (encoder, frame, into) -> {
          if (frame.number() == 5) {
            device.stalls(true);
          }
          encoder.encode(frame, into);
        };
    try (CameraPipeline camera =
        CameraPipeline.builder()
            .source(sources::remove)
            .retries(true)
            .listener(notes)
            .seams(new Seams(clock, hardware, stalling))
            .start()) {
      camera.awaitStop();
      assertThat(camera.counters().get(Counter.ENCODER_STALLS)).isEqualTo(1);
      assertThat(camera.counters().get(Counter.RUNS)).isEqualTo(2);
      assertThat(camera.counters().get(Counter.RUNS_ABANDONED)).isZero();
    }
    assertThat(notes.faults).containsExactly("encoder-stalled", "end encoder-stalled");
    assertThat(device.descriptors()).isZero();
    assertThat(device.mappings()).isZero();
  }

  /** A source whose frames go on though none of them comes out of the encoder any more. */
  private ScriptedSource falling(Runnable before) {
    return live()
        .then(clock::calm)
        .then(before)
        .frames(5)
        .then(clock::hurry)
        .framesAfter(clock::awaitLook);
  }

  @Test
  void whoWantsNoRetriesWaitsForASilentSourceAndIsTold() throws Exception {
    Runnable told = () -> await().until(() -> notes.faults.contains("capture-stalled"));
    ScriptedSource pausing =
        live().frames(3).then(clock::hurry).then(told).then(clock::calm).frames(3);
    try (CameraPipeline camera = pipeline(pausing).retries(false).start()) {
      camera.awaitStop();
      assertThat(camera.counters().get(Counter.CAPTURE_STALLS)).isEqualTo(1);
      assertThat(camera.counters().get(Counter.RUNS)).isEqualTo(1);
    }
    assertThat(notes.faults).containsExactly("capture-stalled", "end capture-stalled");
    assertThat(Sealed.manifests(root)).extracting(SegmentManifest::frames).containsExactly(6L);
  }

  @Test
  void withoutRetriesAnEncoderThatFallsSilentIsTheEnd() {
    Seams.Encoding silent =
        (encoder, frame, into) -> encoder.encode(frame, frame.number() < 5 ? into : packet -> {});
    try (CameraPipeline camera =
        pipeline(falling(() -> {})).retries(false).seams(new Seams(clock, silent)).start()) {
      assertThatExceptionOfType(CameraException.class)
          .isThrownBy(camera::awaitStop)
          .withMessage("the encoder of camera camera has given nothing for 2.0 s")
          .matches(e -> e.kind() == Kind.ENCODER_FAILED);
    }
  }

  @Test
  void tooManyHangingRunsEndThePipelineSinceOnlyANewProcessHelps() {
    CameraSource[] sources = new CameraSource[4];
    for (int i = 0; i < sources.length; i++) {
      sources[i] = live().frames(3).then(clock::hurry).hangs(released);
    }
    try (CameraPipeline camera = pipeline(sources).start()) {
      assertThatExceptionOfType(CameraException.class)
          .isThrownBy(camera::awaitStop)
          .matches(e -> e.kind() == Kind.STUCK)
          .withMessageContaining("only a new process helps");
      assertThat(camera.counters().get(Counter.RUNS_ABANDONED)).isEqualTo(4);
    }
  }

  @Test
  void closingDoesNotWaitForACameraThatHangs() throws Exception {
    CountDownLatch hangs = new CountDownLatch(1);
    CameraPipeline camera =
        pipeline(live().frames(3).then(hangs::countDown).hangs(released)).start();
    assertThat(hangs.await(20, TimeUnit.SECONDS)).isTrue();
    clock.hurry();
    camera.close();
    assertThat(camera.state()).isEqualTo(PipelineState.STOPPED);
    assertThat(Sealed.manifests(root)).extracting(SegmentManifest::frames).containsExactly(3L);
  }

  @Test
  void aPictureThatStandsStillIsToldAndRecordedAllTheSame() throws Exception {
    try (CameraPipeline camera =
        pipeline(new ScriptedSource(64, 48, false).frames(5).still(150).frames(5))
            .supervise(SuperviseConfig.defaults())
            .start()) {
      camera.awaitStop();
      assertThat(camera.counters().get(Counter.PICTURE_FAULTS)).isEqualTo(1);
      assertThat(camera.counters().get(Counter.FRAMES_RECORDED)).isEqualTo(160);
    }
    assertThat(notes.faults).containsExactly("picture-frozen!", "end picture-frozen");
    assertThat(Sealed.manifests(root))
        .allSatisfy(manifest -> assertThat(manifest.gaps()).isEmpty());
  }

  @Test
  void aPictureThatStandsStillOpensTheSourceAgainWhereThatIsAskedFor() throws Exception {
    ScriptedSource frozen = live().still(150).silence();
    AtomicLong hours = new AtomicLong();
    try (CameraPipeline camera =
        pipeline(frozen, live().frames(5))
            .clock(() -> START.plus(Duration.ofHours(hours.getAndIncrement())))
            .supervise(SuperviseConfig.defaults().restartsFrozen(true))
            .start()) {
      camera.awaitStop();
      assertThat(camera.counters().get(Counter.RUNS)).isEqualTo(2);
      assertThat(camera.counters().get(Counter.CAPTURE_STALLS)).isZero();
    }
    assertThat(notes.faults).containsExactly("picture-frozen!", "end picture-frozen");
    assertThat(Sealed.manifests(root).get(Sealed.manifests(root).size() - 1).gaps())
        .extracting(Gap::reason)
        .containsExactly("the picture stood still");
  }

  @Test
  void aSinkMayCloseItsPipelineAndMayNotWaitForIt() throws Exception {
    AtomicReference<CameraPipeline> running = new AtomicReference<>();
    List<Throwable> thrown = new CopyOnWriteArrayList<>();
    FrameSink closing =
        frame -> {
          if (frame.number() == 3) {
            try {
              camera(running).awaitStop();
            } catch (IllegalStateException | InterruptedException e) {
              thrown.add(e);
            }
            camera(running).close();
          }
        };
    try (CameraPipeline camera = pipeline(live().frames(50)).sink(closing).start()) {
      running.set(camera);
      assertThat(camera.awaitStop(Duration.ofSeconds(30))).isTrue();
    }
    assertThat(thrown).singleElement().isInstanceOf(IllegalStateException.class);
    assertThat(Sealed.manifests(root)).extracting(SegmentManifest::frames).containsExactly(4L);
  }

  private static CameraPipeline camera(AtomicReference<CameraPipeline> running) {
    await().until(() -> running.get() != null);
    return running.get();
  }

  private static void awaitThreadsEnd() {
    await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .noneMatch(name -> name.matches("(capture|encode|record)-camera")));
  }
}
