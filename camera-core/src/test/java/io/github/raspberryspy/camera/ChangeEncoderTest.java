package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.encode.EncoderConfig;
import io.github.raspberryspy.camera.encode.EncoderConfig.Choice;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.VideoEncoder;
import io.github.raspberryspy.camera.encode.VideoEncoders;
import io.github.raspberryspy.camera.live.FragmentTap;
import io.github.raspberryspy.camera.record.EventMode;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.source.CameraSource;
import io.github.raspberryspy.camera.source.Sources;
import io.github.raspberryspy.camera.supervise.SuperviseConfig;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.segments.wire.LiveMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Another bitrate or GOP while a camera films: no picture is lost. */
@Timeout(120)
class ChangeEncoderTest {

  private static final EncoderConfig BEFORE = EncoderConfig.h264().bitrateBps(2_000_000);
  private static final EncoderConfig AFTER =
      BEFORE.bitrateBps(200_000).gop(Duration.ofMillis(200)).preset("veryfast");

  @TempDir Path root;

  @RegisterExtension final FrameLeakExtension leaks = new FrameLeakExtension();

  private CameraPipelineBuilder camera() {
    return CameraPipeline.builder()
        .name("front")
        .source("test://?size=320x240&fps=30")
        .encoder(BEFORE)
        .record(RecorderConfig.into(root));
  }

  private static void awaitMore(CameraPipeline camera) {
    long frames = camera.counters().get(Counter.FRAMES_RECORDED);
    await().until(() -> camera.counters().get(Counter.FRAMES_RECORDED) > frames + 30);
  }

  private List<SealedSegment> sealed() throws Exception {
    return Spool.open(root, "front").sealed();
  }

  /** Of each picture, whether it is a keyframe. */
  private static List<Boolean> keyframes(SealedSegment segment) {
    List<Boolean> keyframes = new ArrayList<>();
    CameraSource.Receiver receiver =
        new CameraSource.Receiver() {
          @Override
          public void onFrame(Frame frame) {
            throw new AssertionError("asked for packets");
          }

          @Override
          public void onPacket(Packet packet) {
            keyframes.add(packet.isKeyframe());
          }

          @Override
          public void onLost(long frames) {
            throw new AssertionError("lost " + frames);
          }
        };
    String video = segment.files().video().toUri().toString();
    try (CameraSource source = Sources.create(video)) {
      source.open();
      boolean goesOn = true;
      while (goesOn) {
        goesOn = source.deliver(receiver);
      }
    }
    return keyframes;
  }

  @Test
  void eachPictureIsThereAndWhoWatchesIsToldTheNewParameters() throws Exception {
    List<LiveMessage> seen = new ArrayList<>();
    long captured;
    try (CameraPipeline camera = camera().start()) {
      awaitMore(camera);
      try (FragmentTap tap = camera.tap().orElseThrow()) {
        assertThat(camera.changeEncoder(AFTER)).isTrue();
        assertThat(camera.changeEncoder(AFTER)).as("nothing to do").isTrue();
        while (inits(seen) < 2 || !(seen.get(seen.size() - 1) instanceof LiveMessage.Fragment)) {
          tap.next(Duration.ofSeconds(10)).ifPresent(seen::add);
        }
        assertThat(tap.skipped()).isZero();
      }
      awaitMore(camera);
      camera.close();
      captured = camera.counters().get(Counter.FRAMES_CAPTURED);
      assertThat(camera.counters().framesDropped()).isZero();
      assertThat(camera.counters().get(Counter.FRAMES_RECORDED)).isEqualTo(captured);
    }

    List<SealedSegment> segments = sealed();
    assertThat(segments).hasSize(2).allSatisfy(s -> assertThat(s.manifest().gaps()).isEmpty());
    assertThat(segments.get(1).manifest().start()).isEqualTo(segments.get(0).manifest().end());
    List<Boolean> first = keyframes(segments.get(0));
    List<Boolean> second = keyframes(segments.get(1));
    assertThat(first.size() + second.size()).isEqualTo((int) captured);
    assertThat(second.get(0)).as("begins with a keyframe").isTrue();
    assertThat(second.stream().filter(k -> k).count())
        .as("a GOP of 6 pictures on a grid from the start, in which the first lies anywhere")
        .isBetween(second.size() / 6L, second.size() / 6L + 2);
    assertThat(bytesPerPicture(segments.get(1), second.size()))
        .isLessThan(bytesPerPicture(segments.get(0), first.size()));
  }

  private static long inits(List<LiveMessage> messages) {
    return messages.stream().filter(LiveMessage.Init.class::isInstance).count();
  }

  private static long bytesPerPicture(SealedSegment segment, int pictures) {
    return segment.manifest().content().bytes() / pictures;
  }

  @Test
  void whereNoSecondEncoderCanBeOpenedTheFirstOneGoesOn() throws Exception {
    AtomicInteger opened = new AtomicInteger();
    Seams.Opening once =
        (config, image, fps) -> {
          if (opened.incrementAndGet() == 2) {
            throw new CameraException(Kind.ENCODER_FAILED, "the device is busy");
          }
          return VideoEncoders.open(config, image, fps);
        };
    Seams seams = new Seams(System::nanoTime, once, Seams.none().encoding());
    try (CameraPipeline camera = camera().seams(seams).start()) {
      awaitMore(camera);
      assertThat(camera.changeEncoder(AFTER)).isFalse();
      assertThat(camera.changeEncoder(BEFORE.choice(Choice.COPY))).isFalse();
      awaitMore(camera);
      assertThat(camera.changeEncoder(AFTER)).as("it is free now").isTrue();
      awaitMore(camera);
    }
    assertThat(opened).hasValue(3);
    assertThat(sealed()).hasSize(2).allSatisfy(s -> assertThat(s.manifest().gaps()).isEmpty());
  }

  /** As an encoder of the kernel's: its drain waits for the device until it is given up. */
  private static VideoEncoder hangingInItsDrain(VideoEncoder real) {
    CountDownLatch givenUp = new CountDownLatch(1);
    VideoEncoder hanging = mock(VideoEncoder.class, delegatesTo(real));
    doAnswer(
            call -> {
              givenUp.await();
              throw new CameraException(Kind.ENCODER_FAILED, "it was given up");
            })
        .when(hanging)
        .flush(any());
    doAnswer(
            call -> {
              givenUp.countDown();
              return null;
            })
        .when(hanging)
        .giveUp();
    return hanging;
  }

  @Test
  void anEncoderThatHangsWhileItIsExchangedIsGivenUpAndTheNextRunGoesByAnother() {
    AtomicInteger opened = new AtomicInteger();
    Seams.Opening hangingFirst =
        (config, image, fps) -> {
          VideoEncoder real = VideoEncoders.open(config, image, fps);
          return opened.getAndIncrement() == 0 ? hangingInItsDrain(real) : real;
        };
    Seams seams = new Seams(System::nanoTime, hangingFirst, Seams.none().encoding());
    try (CameraPipeline camera =
        camera()
            .supervise(SuperviseConfig.stallsOnly().stallAfter(Duration.ofSeconds(1)))
            .retries(true)
            .seams(seams)
            .start()) {
      awaitMore(camera);
      assertThat(camera.changeEncoder(AFTER)).isFalse();
      await().until(() -> camera.counters().get(Counter.RUNS) == 2);
      awaitMore(camera);
      assertThat(camera.counters().get(Counter.ENCODER_STALLS)).isEqualTo(1);
      assertThat(camera.counters().get(Counter.RUNS_ABANDONED)).isZero();
    }
  }

  @Test
  void whereH264IsCopiedAnotherTargetIsTakenAndAnotherChoiceIsNot() throws Exception {
    Path film = VideoMaker.with("libx264").write(root.resolve("film.mp4"));
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch changed = new CountDownLatch(1);
    FrameSink waiting =
        frame -> {
          begun.countDown();
          await().until(() -> changed.getCount() == 0);
        };
    try (CameraPipeline camera = camera().source(film.toUri().toString()).sink(waiting).start()) {
      begun.await();
      assertThat(camera.changeEncoder(AFTER)).isTrue();
      assertThat(camera.changeEncoder(AFTER.choice(Choice.X264))).isFalse();
      changed.countDown();
      camera.awaitStop();
    }
    assertThat(sealed()).hasSize(1);
  }

  @Test
  void aRateForWhichAPreRollHasNoRoomIsNotTaken() {
    PreRollRoom room = new PreRollRoom(16L << 20, Optional.empty());
    assertThat(room.fits(Optional.empty(), BEFORE.bitrateBps(100_000_000))).isTrue();
    var events = Optional.of(new EventMode(Duration.ofSeconds(5), Duration.ofSeconds(5)));
    assertThat(room.fits(events, BEFORE)).isTrue();
    assertThat(room.fits(events, BEFORE.bitrateBps(100_000_000))).isFalse();
  }
}
