package io.github.raspberryspy.camera.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.PlayedFrames;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.PacketWindow;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.record.RunClock;
import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.camera.source.TestPatternReader;
import io.github.raspberryspy.segments.wire.LiveMessage;
import io.github.raspberryspy.segments.wire.LiveMessage.Fragment;
import io.github.raspberryspy.segments.wire.LiveMessage.Init;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FragmentTapTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final StreamInfo INFO =
      new StreamInfo(false, true, 64, 48, 30, Optional.empty(), List.of());
  private static final RunClock CLOCK = RunClock.tie(0, 0, Instant.parse("2026-11-28T03:00:00Z"));

  @TempDir Path folder;

  @Test
  void whatIsEncodedForTheRecordingPlaysAsItIsFilmed() throws Exception {
    List<Fragment> fragments = new ArrayList<>();
    Path file = folder.resolve("live.mp4");
    Instant begin = Instant.now();
    try (CameraPipeline camera =
            CameraPipeline.builder()
                .source("test://?size=320x240&fps=30")
                .record(RecorderConfig.into(folder.resolve("spool")))
                .start();
        FragmentTap tap = open(camera);
        OutputStream out = Files.newOutputStream(file);
        WritableByteChannel to = Channels.newChannel(out)) {
      Init init = (Init) tap.next(PATIENCE).orElseThrow();
      assertThat(init.codec()).matches(LiveMessage.CODEC);
      assertThat(init.width()).isEqualTo(320);
      to.write(init.payload().duplicate());
      while (fragments.size() < 45) {
        Fragment fragment = (Fragment) tap.next(PATIENCE).orElseThrow();
        fragments.add(fragment);
        to.write(fragment.payload().duplicate());
        assertThat(fragment.captured())
            .isEqualTo(init.start().plusNanos(fragment.timeUs() * 1000))
            .isBetween(begin.minusSeconds(1), Instant.now());
      }
      assertThat(tap.skipped()).isZero();
      assertThat(camera.counters().framesDropped()).isZero();
      await().until(() -> camera.counters().get(Counter.FRAMES_ENCODED) >= 45);
    }
    assertThat(fragments.get(0).isKeyframe()).isTrue();
    List<Long> numbers = new ArrayList<>();
    PlayedFrames.forEach(
        file, f -> numbers.add(TestPatternReader.frameNumber(f.image()).orElseThrow()));
    assertThat(numbers).hasSize(45);
    for (int i = 0; i < numbers.size(); i++) {
      assertThat(numbers.get(i))
          .as("each picture is where its time says")
          .isEqualTo(Math.round(fragments.get(i).timeUs() * 30 / 1e6));
    }
  }

  @Test
  void aSlowReaderGoesOnAtTheLastKeyframeAndIsToldWhatItMissed() {
    PacketWindow window = new PacketWindow(1 << 20, false);
    for (int i = 0; i < 10; i++) {
      window.append(picture(i));
    }
    try (FragmentTap tap = new FragmentTap(window, INFO, CLOCK)) {
      assertThat(tap.next(PATIENCE)).get().isInstanceOf(Init.class);
      assertThat(time(tap)).isZero();
      for (int i = 10; i < 95; i++) {
        window.append(picture(i));
      }
      assertThat(time(tap)).isEqualTo(90 * 33_000L);
      assertThat(tap.skipped()).isEqualTo(89);
      for (int i = 91; i < 95; i++) {
        assertThat(time(tap)).isEqualTo(i * 33_000L);
      }
      assertThat(tap.next(Duration.ZERO)).isEmpty();
      assertThat(tap.isEnded()).isFalse();
      window.close();
      assertThat(tap.next(PATIENCE)).isEmpty();
      assertThat(tap.isEnded()).isTrue();
    }
  }

  @Test
  void aReaderThatNeverReadsHoldsUpNoWriter() {
    PacketWindow waiting = new PacketWindow(2000, true);
    try (FragmentTap tap = new FragmentTap(waiting, INFO, CLOCK)) {
      for (int i = 0; i < 1000; i++) {
        waiting.append(picture(i));
      }
      assertThat(tap.next(PATIENCE)).get().isInstanceOf(Init.class);
      assertThat(time(tap)).isGreaterThan(900 * 33_000L);
    }
  }

  @Test
  void otherParameterSetsBringAnotherInit() {
    PacketWindow window = new PacketWindow(1 << 20, false);
    try (FragmentTap tap = new FragmentTap(window, INFO, CLOCK)) {
      window.append(picture(0, (byte) 30));
      assertThat(codec(tap)).isEqualTo("avc1.42001e");
      assertThat(time(tap)).isZero();
      window.append(picture(30, (byte) 30));
      assertThat(time(tap)).isEqualTo(30 * 33_000L);
      window.append(picture(60, (byte) 31));
      assertThat(codec(tap)).isEqualTo("avc1.42001f");
      assertThat(time(tap)).isEqualTo(60 * 33_000L);
    }
  }

  private static FragmentTap open(CameraPipeline camera) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(camera::tap, Optional::isPresent)
        .orElseThrow();
  }

  private static long time(FragmentTap tap) {
    return ((Fragment) tap.next(PATIENCE).orElseThrow()).timeUs();
  }

  private static String codec(FragmentTap tap) {
    return ((Init) tap.next(PATIENCE).orElseThrow()).codec();
  }

  private static Packet picture(int number) {
    return picture(number, (byte) 30);
  }

  /** Every thirtieth is a keyframe, with parameter sets of this level. */
  private static Packet picture(int number, byte level) {
    boolean isKey = number % 30 == 0;
    byte[] key = {0, 0, 0, 1, 0x67, 66, 0, level, 9, 0, 0, 0, 1, 0x68, 7, 0, 0, 1, 0x65, 5, 5};
    byte[] other = {0, 0, 0, 1, 0x41, 5, 5};
    return new Packet(isKey ? key : other, number * 33_000L, number * 33_000L, 33_000, isKey);
  }
}
