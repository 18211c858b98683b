package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.source.CameraSource;
import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.segments.SegmentManifest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A sink that does not come back is named, and left out; the camera goes on without it. */
@Timeout(60)
class HangingSinkTest {

  @TempDir Path root;

  private final HastyClock clock = new HastyClock();
  private final Notes notes = new Notes();
  private final CountDownLatch released = new CountDownLatch(1);
  private final List<Long> seen = new CopyOnWriteArrayList<>();

  @AfterEach
  void letGo() {
    released.countDown();
  }

  private CameraPipelineBuilder pipeline(CameraSource... sources) {
    ArrayDeque<CameraSource> left = new ArrayDeque<>(Arrays.asList(sources));
    return CameraPipeline.builder()
        .source(left::remove)
        .record(RecorderConfig.into(root))
        .retries(true)
        .listener(notes)
        .seams(new Seams(clock, Seams.none().encoding()));
  }

  private static ScriptedSource live() {
    return new ScriptedSource(64, 48, true);
  }

  /** Hangs on the frame of this number, in each run that it is shown. */
  private final class HangsOnFrame implements FrameSink {
    private final long number;

    HangsOnFrame(long number) {
      this.number = number;
    }

    @Override
    public void onFrame(Frame frame) {
      seen.add(frame.number());
      if (frame.number() == number) {
        clock.hurry();
        ScriptedSource.await(released);
      }
    }
  }

  /** Hangs on each stream. */
  private final class HangsOnStream implements FrameSink {
    @Override
    public void onFrame(Frame frame) {
      seen.add(frame.number());
    }

    @Override
    public void onStream(StreamInfo info) {
      ScriptedSource.await(released);
    }
  }

  @Test
  void aSinkThatHangsOnAFrameIsNamedAndTheCameraIsOpenedAgainWithoutIt() throws Exception {
    ScriptedSource next = live().then(clock::calm).frames(6);
    try (CameraPipeline camera =
        pipeline(live().frames(20), next).sink(new HangsOnFrame(3)).start()) {
      camera.awaitStop();
      assertThat(camera.counters().get(Counter.SINK_STALLS)).isEqualTo(1);
      assertThat(camera.counters().get(Counter.RUNS)).isEqualTo(2);
    }
    assertThat(seen).as("it is shown nothing while it hangs").containsExactly(0L, 1L, 2L, 3L);
    assertThat(Sealed.manifests(root))
        .as("what was captured before is sealed")
        .extracting(SegmentManifest::frames)
        .containsExactly(4L, 6L);
    assertThat(Sealed.manifests(root).get(1).gaps())
        .singleElement()
        .satisfies(gap -> assertThat(gap.reason()).isEqualTo("a sink held the camera up"));
    assertThat(notes.faults).contains("sink-stalled!");
    assertThat(notes.sentences)
        .anyMatch(
            sentence ->
                sentence.matches(
                    "sink HangingSinkTest\\$HangsOnFrame of camera camera has not returned since"
                        + " 20\\S+Z: it is shown nothing until it does"));
  }

  @Test
  void aSinkThatComesBackIsShownFramesAgainAndThatIsTold() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    Runnable comesBack =
        () -> {
          clock.calm();
          released.countDown();
          await().until(() -> notes.faults.contains("end sink-stalled"));
          told.countDown();
        };
    ScriptedSource next = live().frames(2).then(comesBack).frames(2);
    try (CameraPipeline camera =
        pipeline(live().frames(20), next).sink(new HangsOnFrame(3)).start()) {
      camera.awaitStop();
    }
    assertThat(told.getCount()).isZero();
    assertThat(seen).containsExactly(0L, 1L, 2L, 3L, 2L, 3L);
  }

  @Test
  void aSinkThatHangsOnTheStreamHoldsUpNothing() throws Exception {
    List<Long> others = new CopyOnWriteArrayList<>();
    ScriptedSource broken =
        live().frames(5).then(() -> {}).breaks(CameraException.Kind.DEVICE_TIMEOUT);
    try (CameraPipeline camera =
        pipeline(broken, live().frames(5))
            .sink(new HangsOnStream())
            .sink(frame -> others.add(frame.number()))
            .start()) {
      camera.awaitStop();
      assertThat(camera.counters().get(Counter.FRAMES_CAPTURED)).isEqualTo(10);
      assertThat(camera.counters().framesDropped()).isZero();
    }
    assertThat(seen).isEmpty();
    assertThat(others).hasSize(10);
    assertThat(Sealed.manifests(root)).extracting(SegmentManifest::frames).containsExactly(5L, 5L);
    assertThat(notes.problems)
        .contains(
            "sink HangingSinkTest$HangsOnStream of camera camera takes more than 1 s over a new"
                + " stream: it is shown nothing until it is done");
  }

  @Test
  void aPipelineCanBeClosedThoughASinkHangs() throws Exception {
    for (boolean isLive : new boolean[] {true, false}) {
      seen.clear();
      CameraPipeline camera =
          pipeline(new ScriptedSource(64, 48, isLive).frames(20))
              .record(RecorderConfig.into(root.resolve("live " + isLive)))
              .sink(new HangsOnFrame(3))
              .retries(false)
              .start();
      await().until(() -> seen.contains(3L));
      CompletableFuture.runAsync(camera::close).get(30, TimeUnit.SECONDS);
      assertThat(Sealed.manifests(root.resolve("live " + isLive)))
          .extracting(SegmentManifest::frames)
          .containsExactly(4L);
    }
  }

  @Test
  void aSinkThatHangsOnAnH264SourceCostsNoFrameAndHoldsUpNoEnd() throws Exception {
    Path video = VideoMaker.with("libx264").frames(10, 45).write(root.resolve("video.mp4"));
    FrameSink hanging =
        frame -> {
          seen.add(frame.number());
          ScriptedSource.await(released);
        };
    CameraPipeline camera =
        CameraPipeline.builder()
            .source(video.toUri() + "?realtime=true&loop=true")
            .record(RecorderConfig.into(root.resolve("spool")))
            .sink(hanging)
            .start();
    await().until(() -> camera.counters().get(Counter.FRAMES_RECORDED) > 20 && !seen.isEmpty());
    CompletableFuture.runAsync(camera::close).get(30, TimeUnit.SECONDS);
    assertThat(camera.counters().framesDropped()).isZero();
    assertThat(Sealed.frames(Sealed.manifests(root.resolve("spool"))))
        .isEqualTo(camera.counters().get(Counter.FRAMES_CAPTURED));
    assertThat(seen).hasSize(1);
  }

  @Test
  void aSlowSinkIsNoHangingOne() throws Exception {
    try (CameraPipeline camera =
        pipeline(new ScriptedSource(64, 48, false).frames(20))
            .sink(
                frame -> {
                  clock.pass(Duration.ofMillis(400));
                  clock.awaitLook();
                })
            .start()) {
      camera.awaitStop();
      assertThat(camera.counters().get(Counter.SINK_STALLS)).isZero();
    }
  }
}
