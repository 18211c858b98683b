package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.natives.libc.LibC;
import io.github.raspberryspy.natives.v4l2.BufferType;
import io.github.raspberryspy.natives.v4l2.TestDevices;
import io.github.raspberryspy.natives.v4l2.V4l2Controls;
import io.github.raspberryspy.natives.v4l2.V4l2Device;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Cameras that compress, played by ffmpeg into v4l2loopback; and a whole pipeline at a camera. */
@Tag("driver")
@Timeout(180)
class V4l2StreamDriverTest {

  @TempDir Path folder;

  private Process player(String device, String size, String... codec) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("ffmpeg", "-loglevel", "error", "-re", "-f", "lavfi", "-i"));
    command.add("testsrc2=size=" + size + ":rate=15");
    command.addAll(List.of(codec));
    command.addAll(List.of("-f", "v4l2", device));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("player.log").toFile())
        .start();
  }

  /** Opens the camera as soon as the player has given it a format, and collects. */
  private static Collected collect(String uri, Sources.Delivery delivery, int count) {
    Collected collected =
        new Collected() {
          @Override
          public void onLost(long frames) {
            // The loopback's numbers skip: it has two buffers, and keeps the newest.
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

  @Test
  void aJpegCameraIsDecoded() throws Exception {
    String size = "640x360";
    String device = TestDevices.loopback(0);
    Process player = player(device, size, "-c:v", "mjpeg", "-pix_fmt", "yuvj420p");
    try {
      String uri = "v4l2://" + device + "?fps=15&size=" + size;
      Collected got = collect(uri, Sources.Delivery.AS_IT_COMES, TestDevices.FRAMES);
      assertThat(got.frameTimes).hasSizeGreaterThanOrEqualTo(TestDevices.FRAMES).isSorted();
      assertThat(got.formats.get(0).isFullRange()).isTrue();
      assertThat(got.formats.get(0).width() + "x" + got.formats.get(0).height()).isEqualTo(size);
    } finally {
      stop(player);
    }
  }

  @Test
  void anH264CameraPassesThroughAndIsDecodedWhereFramesAreWanted() throws Exception {
    String size = "640x360";
    String device = TestDevices.loopback(1);
    String[] codec = {"-c:v", "libx264", "-preset", "ultrafast", "-g", "15", "-bf", "0"};
    Process player = player(device, size, codec);
    try {
      String uri = "v4l2://" + device + "?fps=15&format=h264&size=" + size;
      Collected got = collect(uri, Sources.Delivery.AS_IT_COMES, TestDevices.FRAMES);
      assertThat(got.packets).hasSizeGreaterThanOrEqualTo(TestDevices.FRAMES);
      assertThat(got.packets).extracting(Packet::ptsUs).isSorted();
      assertThat(got.packets).anyMatch(Packet::isKeyframe);
      Collected decoded = collect(uri, Sources.Delivery.FRAMES, TestDevices.FRAMES);
      assertThat(decoded.frameTimes).hasSizeGreaterThanOrEqualTo(TestDevices.FRAMES);
    } finally {
      stop(player);
    }
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

  private static long captured(CameraPipeline pipeline) {
    return pipeline.counters().get(Counter.FRAMES_CAPTURED);
  }

  private static void stop(Process player) throws InterruptedException {
    player.destroy();
    assertThat(player.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }
}
