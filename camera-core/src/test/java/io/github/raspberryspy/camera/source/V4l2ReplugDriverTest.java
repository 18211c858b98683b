package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.PipelineListener;
import io.github.raspberryspy.camera.PipelineState;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.natives.libc.LibC;
import io.github.raspberryspy.natives.v4l2.BufferType;
import io.github.raspberryspy.natives.v4l2.TestDevices;
import io.github.raspberryspy.natives.v4l2.V4l2Controls;
import io.github.raspberryspy.natives.v4l2.V4l2Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Cameras that are unplugged, and whose driver is taken away, in the middle of a picture. First of
 * all: libcamera 0.0.3, once in use, ends the process when a driver comes back.
 */
@Tag("driver")
@Timeout(600)
@Order(1)
class V4l2ReplugDriverTest {

  private static final Path DRIVER = Path.of("/sys/bus/platform/drivers/vivid");
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final List<String> told = new CopyOnWriteArrayList<>();
  private int frames;
  private CameraException end;

  private final CameraSource.Receiver counting =
      new CameraSource.Receiver() {
        @Override
        public void onFrame(Frame frame) {
          frames++;
        }

        @Override
        public void onPacket(Packet packet) {
          throw new AssertionError("a packet of raw pictures");
        }

        @Override
        public void onLost(long lost) {
          // A virtual camera is late where its machine is busy.
        }
      };

  private static String uri(String path) {
    return "v4l2://" + path + "?size=320x180&fps=" + TestDevices.FPS;
  }

  @Test
  void aCameraThatIsUnpluggedOverAndOverLeavesNothingOpen() {
    String path = TestDevices.vivid(BufferType.CAPTURE);
    long mappings = TestDevices.mappings();
    unplug(path);
    long descriptors = TestDevices.descriptors();
    for (int i = 0; i < TestDevices.REPLUGS; i++) {
      unplug(path);
      assertThat(end.kind()).isEqualTo(Kind.DEVICE_ABSENT);
    }
    assertThat(TestDevices.descriptors()).isEqualTo(descriptors);
    assertThat(TestDevices.mappings()).isEqualTo(mappings);
  }

  /** A picture, then the plug is pulled. */
  private void unplug(String path) {
    try (CameraSource source = Sources.create(uri(path));
        V4l2Device control = V4l2Device.open(LibC.load(), path)) {
      source.open();
      V4l2Controls controls = control.controls();
      int seen = frames;
      while (frames == seen) {
        source.deliver(counting);
      }
      controls.trySet(controls.find("disconnect").orElseThrow().id(), 1);
      while (true) {
        source.deliver(counting);
      }
    } catch (CameraException e) {
      end = e;
    }
  }

  @Test
  void aCameraWhoseDriverIsTakenAwayIsOpenedAgainWhenItIsBack() throws IOException {
    String path = TestDevices.vivid(BufferType.CAPTURE);
    long mappings = TestDevices.mappings();
    PipelineListener listener =
        new PipelineListener() {
          @Override
          public void onState(PipelineState state, String problem) {
            told.add(state + " " + problem);
          }
        };
    try (CameraPipeline pipeline =
        CameraPipeline.builder().source(uri(path)).retries(true).listener(listener).start()) {
      await().atMost(PATIENCE).until(() -> captured(pipeline) > 5);
      Files.writeString(DRIVER.resolve("unbind"), "vivid.0");
      try {
        String gone = "RETRYING camera " + path + " has gone";
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(told).contains(gone));
        assertThat(Path.of(path)).doesNotExist();
      } finally {
        Files.writeString(DRIVER.resolve("bind"), "vivid.0");
      }
      await().atMost(PATIENCE).until(() -> Files.exists(Path.of(path)));
      long before = captured(pipeline);
      await().atMost(PATIENCE).until(() -> captured(pipeline) > before + 5);
      assertThat(pipeline.state()).isEqualTo(PipelineState.RUNNING);
    }
    assertThat(TestDevices.mappings()).isEqualTo(mappings);
  }

  private static long captured(CameraPipeline pipeline) {
    return pipeline.counters().get(Counter.FRAMES_CAPTURED);
  }
}
