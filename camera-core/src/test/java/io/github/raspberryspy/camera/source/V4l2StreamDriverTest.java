package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.natives.libc.LibC;
import io.github.raspberryspy.natives.v4l2.BufferType;
import io.github.raspberryspy.natives.v4l2.TestDevices;
import io.github.raspberryspy.natives.v4l2.V4l2Controls;
import io.github.raspberryspy.natives.v4l2.V4l2Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cameras that compress, which v4l2loopback stands in for; and a whole pipeline at a camera. */
@Tag("driver")
@Timeout(180)
class V4l2StreamDriverTest {

  private long lost;

  /** Opens the camera as soon as the player has given it a format, and collects. */
  private Collected collect(String uri, Sources.Delivery delivery, int count) {
    Collected collected =
        new Collected() {
          @Override
          public void onLost(long frames) {
            lost += frames;
          }
        };
    await()
        .atMost(Duration.ofSeconds(90))
        .until(
            () -> {
              try (CameraSource source = Sources.create(uri, delivery)) {
                source.open();
                collected.read(source, n -> n < count);
                return true;
              } catch (CameraException e) {
                return false; // not yet a camera
              }
            });
    return collected;
  }

  @ParameterizedTest
  @ValueSource(strings = {"640x480", "1280x720"})
  void aJpegCameraIsDecoded(String size, TestReporter reporter) {
    String uri = "v4l2://" + TestDevices.loopback("MJPEG-" + size) + "?size=" + size;
    Collected got = collect(uri, Sources.Delivery.AS_IT_COMES, TestDevices.FRAMES);
    reporter.publishEntry(got.frameTimes.size() + " frames", lost + " lost");
    assertThat(got.frameTimes).hasSizeGreaterThanOrEqualTo(TestDevices.FRAMES).isSorted();
    assertThat(got.formats.get(0).isFullRange()).isTrue();
    assertThat(got.formats.get(0).width() + "x" + got.formats.get(0).height()).isEqualTo(size);
    assertThat(TestDevices.mappings()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"640x480", "1280x720"})
  void anH264CameraPassesThroughAndIsDecodedWhereFramesAreWanted(
      String size, TestReporter reporter) {
    String uri = "v4l2://" + TestDevices.loopback("H264-" + size) + "?format=h264&size=" + size;
    int enough = Math.max(TestDevices.FRAMES, 100); // a keyframe is one of thirty
    Collected got = collect(uri, Sources.Delivery.AS_IT_COMES, enough);
    reporter.publishEntry(got.packets.size() + " packets", lost + " lost");
    assertThat(got.packets).hasSizeGreaterThanOrEqualTo(TestDevices.FRAMES);
    assertThat(got.packets).extracting(Packet::ptsUs).isSorted();
    assertThat(got.packets).anyMatch(Packet::isKeyframe);
    Collected decoded = collect(uri, Sources.Delivery.FRAMES, 100);
    assertThat(decoded.frameTimes).hasSizeGreaterThanOrEqualTo(100);
    assertThat(TestDevices.mappings()).isZero();
  }

  @Test
  void aPipelineGoesOnWhenItsCameraIsBack() {
    String path = TestDevices.vivid(BufferType.CAPTURE);
    try (CameraPipeline pipeline =
            CameraPipeline.builder()
                .source("v4l2://" + path + "?size=320x180&fps=" + TestDevices.FPS)
                .retries(true)
                .start();
        V4l2Device control = V4l2Device.open(LibC.load(), path)) {
      Duration patience = Duration.ofSeconds(60);
      await().atMost(patience).until(() -> captured(pipeline) > 5);
      V4l2Controls controls = control.controls();
      controls.trySet(controls.find("disconnect").orElseThrow().id(), 1);
      control.close();
      await().atMost(patience).until(() -> pipeline.counters().get(Counter.RUNS) == 2);
      long before = captured(pipeline);
      await().atMost(patience).until(() -> captured(pipeline) > before + 5);
    }
    assertThat(TestDevices.mappings()).isZero();
  }

  @Test
  void aGreyCameraIsRecordedAndPlays(@TempDir Path folder) throws IOException {
    String camera = TestDevices.vivid(BufferType.CAPTURE);
    String uri = "v4l2://" + camera + "?size=320x180&format=grey&fps=" + TestDevices.FPS;
    try (CameraPipeline pipeline =
        CameraPipeline.builder().source(uri).record(RecorderConfig.into(folder)).start()) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> pipeline.counters().get(Counter.FRAMES_RECORDED) > 20);
    }
    Path video;
    try (Stream<Path> files = Files.walk(folder)) {
      video = files.filter(f -> f.toString().endsWith(".mp4")).findFirst().orElseThrow();
    }
    Collected played = Collected.from(video.toUri().toString(), Sources.Delivery.FRAMES, n -> true);
    assertThat(played.frameTimes).hasSizeGreaterThan(20);
  }

  private static long captured(CameraPipeline pipeline) {
    return pipeline.counters().get(Counter.FRAMES_CAPTURED);
  }
}
