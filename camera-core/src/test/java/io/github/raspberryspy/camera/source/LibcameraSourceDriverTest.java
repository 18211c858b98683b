package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameLeakExtension;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.natives.libc.Errno;
import io.github.raspberryspy.natives.libcamera.LibcameraException;
import io.github.raspberryspy.natives.libcamera.LibcameraShim;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The source at libcamera's own test camera, the kernel's driver vimc, which knows only colours.
 */
@Tag("driver")
@Timeout(300)
@ExtendWith(FrameLeakExtension.class)
class LibcameraSourceDriverTest {

  private static final String ADDRESS = "libcamera://vimc?size=640x480&format=rgb24";

  @TempDir Path spool;

  @BeforeEach
  void requireCamera() {
    assumeTrue(
        Files.isDirectory(Path.of("/sys/bus/platform/drivers/vimc")),
        "the driver vimc is not loaded");
    LibcameraShim shim;
    try {
      shim = LibcameraShim.load();
    } catch (LibcameraException e) {
      assumeTrue(e.number() != Errno.ENOENT.number(), e.getMessage());
      throw e;
    }
    assertThat(shim.cameras()).as("libcamera sees by systemd-udevd's eyes").isNotEmpty();
  }

  @Test
  void picturesComeWithoutACopyAndEveryBufferGoesBack() {
    Keeper keeper = new Keeper(2);
    try (CameraSource source = Sources.create(ADDRESS)) {
      StreamInfo info = source.open();
      assertThat(info.image().orElseThrow().pixels()).isEqualTo(PixelFormat.RGB24);
      while (keeper.frames < 300) {
        assertThat(source.deliver(keeper)).isTrue();
      }
      keeper.letGo();
    }
    assertThat(mappings()).isZero();
  }

  @Test
  void aFrameOutlivesItsSource() {
    Keeper keeper = new Keeper(1);
    CameraSource source = Sources.create(ADDRESS);
    source.open();
    while (keeper.frames < 3) {
      source.deliver(keeper);
    }
    byte before = keeper.held.peek().image().plane(0).get(300);
    Thread closing = new Thread(source::close);
    closing.start();
    // The camera itself is free at once: somebody else may open it.
    await()
        .atMost(Duration.ofSeconds(4))
        .ignoreExceptions()
        .untilAsserted(() -> LibcameraShim.load().open("vimc").close());
    assertThat(mappings()).isPositive();
    assertThat(keeper.held.peek().image().plane(0).get(300)).isEqualTo(before);
    keeper.letGo();
    await().until(() -> !closing.isAlive());
    assertThat(mappings()).isZero();
  }

  @Test
  void aCameraThatIsInUseIsBusy() {
    try (CameraSource first = Sources.create(ADDRESS);
        CameraSource second = Sources.create(ADDRESS)) {
      first.open();
      assertThatThrownBy(second::open)
          .isInstanceOfSatisfying(
              CameraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DEVICE_BUSY))
          .hasMessageContaining("is in use");
    }
  }

  @Test
  void whatTheCameraLacksIsNamed() {
    try (CameraSource source = Sources.create(ADDRESS + "&af=continuous")) {
      assertThatThrownBy(source::open)
          .isInstanceOfSatisfying(
              CameraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
          .hasMessageContaining("lacks; it has Brightness, Contrast");
    }
    try (CameraSource source = Sources.create("libcamera://vimc?format=yuv420")) {
      assertThatThrownBy(source::open)
          .isInstanceOfSatisfying(
              CameraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FORMAT_UNSUPPORTED))
          .hasMessageContaining("does not give YUV420");
    }
    try (CameraSource source = Sources.create("libcamera://front")) {
      assertThatThrownBy(source::open)
          .isInstanceOfSatisfying(
              CameraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DEVICE_ABSENT))
          .hasMessageContaining("there is no camera \"front\"");
    }
  }

  @Test
  void itIsRecorded() throws Exception {
    try (CameraPipeline camera =
        CameraPipeline.builder()
            .source(ADDRESS + "&contrast=1.2")
            .record(RecorderConfig.into(spool))
            .start()) {
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> camera.counters().get(Counter.FRAMES_ENCODED) >= 60);
    }
    List<SealedSegment> sealed = Spool.open(spool, "camera").sealed();
    assertThat(sealed).hasSize(1);
    FragmentedMp4 file = FragmentedMp4.scan(sealed.get(0).files().video());
    assertThat(file.isWhole()).isTrue();
    assertThat(file.frames()).isGreaterThanOrEqualTo(60);
    assertThat(mappings()).isZero();
  }

  private static long mappings() {
    try (java.util.stream.Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.filter(l -> l.contains("/dev/video") || l.contains("dmabuf")).count();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Looks at each frame, and keeps the latest few open. */
  private static final class Keeper implements CameraSource.Receiver {
    private final Deque<Frame> held = new ArrayDeque<>();
    private final int keeps;
    private int frames;
    private long nextNumber;
    private long lastUs = -1;

    Keeper(int keeps) {
      this.keeps = keeps;
    }

    @Override
    public void onFrame(Frame frame) {
      assertThat(frame.number()).isEqualTo(nextNumber++);
      assertThat(frame.ptsUs()).isGreaterThan(lastUs);
      assertThat(System.nanoTime() - frame.captureNanos()).isPositive();
      assertThat(frame.image().plane(0).remaining()).isGreaterThan(600 * 480 * 3);
      lastUs = frame.ptsUs();
      frames++;
      held.add(frame.share("test"));
      if (held.size() > keeps) {
        held.remove().close();
      }
    }

    @Override
    public void onPacket(Packet packet) {
      throw new AssertionError("a packet");
    }

    @Override
    public void onLost(long lost) {
      nextNumber += lost;
    }

    void letGo() {
      held.forEach(Frame::close);
      held.clear();
    }
  }
}
