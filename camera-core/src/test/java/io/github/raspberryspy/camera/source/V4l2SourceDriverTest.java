package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameLeakExtension;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.natives.libc.LibC;
import io.github.raspberryspy.natives.v4l2.BufferLedger;
import io.github.raspberryspy.natives.v4l2.BufferType;
import io.github.raspberryspy.natives.v4l2.TestDevices;
import io.github.raspberryspy.natives.v4l2.V4l2Control;
import io.github.raspberryspy.natives.v4l2.V4l2Controls;
import io.github.raspberryspy.natives.v4l2.V4l2Device;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The source at the kernel's own virtual camera. */
@Tag("driver")
@Timeout(300)
@ExtendWith(FrameLeakExtension.class)
class V4l2SourceDriverTest {

  /** Takes frames and looks at what must be true of each; keeps the latest few open. */
  private static final class Strict implements CameraSource.Receiver {
    private final Deque<Frame> held = new ArrayDeque<>();
    private final int keeps;
    private final BufferLedger ledger;
    private int frames;
    private long lost;
    private long missing; // since the latest frame
    private long nextNumber;
    private long lastPtsUs = -1;
    private long lastNanos;
    private PixelFormat format;

    Strict(int keeps) {
      this(keeps, TestDevices.FPS);
    }

    Strict(int keeps, int fps) {
      this.keeps = keeps;
      this.ledger = new BufferLedger(FramePool.DEFAULT_SLOTS, fps);
    }

    @Override
    public void onFrame(Frame frame) {
      assertThat(frame.number()).isEqualTo(nextNumber++);
      assertThat(frame.ptsUs()).isGreaterThan(lastPtsUs);
      assertThat(frame.captureNanos()).isGreaterThan(lastNanos);
      format = frame.image().format();
      for (int plane = 0; plane < format.planes(); plane++) {
        assertThat(frame.image().plane(plane).remaining()).isPositive();
      }
      lastPtsUs = frame.ptsUs();
      lastNanos = frame.captureNanos();
      ledger.taken(lastNanos, missing);
      missing = 0;
      frames++;
      held.add(frame.share("test"));
      if (held.size() > keeps) {
        held.remove().close();
        ledger.returned();
      }
    }

    @Override
    public void onPacket(Packet packet) {
      throw new AssertionError("a packet of raw pictures");
    }

    @Override
    public void onLost(long n) {
      lost += n;
      missing += n;
      nextNumber += n;
    }

    void letGo() {
      held.forEach(Frame::close);
      held.clear();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CAPTURE, yuyv, 640x360",
    "CAPTURE, yuyv, 320x180",
    "CAPTURE, nv12, 640x360",
    "CAPTURE, nv12, 320x180",
    "CAPTURE, yu12, 640x360",
    "CAPTURE, yu12, 320x180",
    "CAPTURE_MPLANE, yuyv, 640x360",
    "CAPTURE_MPLANE, yuyv, 320x180",
    "CAPTURE_MPLANE, nv12, 640x360",
    "CAPTURE_MPLANE, nv12, 320x180",
    "CAPTURE_MPLANE, yu12, 640x360",
    "CAPTURE_MPLANE, yu12, 320x180",
    "CAPTURE, grey, 320x180"
  })
  void noFrameIsLostAndEverySlotComesBack(
      BufferType type, String format, String size, TestReporter reporter) {
    int fps = TestDevices.FPS;
    Strict strict = new Strict(3, fps);
    String query = "?fps=" + fps + "&format=" + format + "&size=" + size;
    try (CameraSource source = Sources.create("v4l2://" + TestDevices.vivid(type) + query)) {
      assertThat(source.open().fps()).isEqualTo(fps);
      while (strict.frames < TestDevices.FRAMES) {
        assertThat(source.deliver(strict)).isTrue();
      }
      strict.letGo();
    }
    reporter.publishEntry(strict.frames + " frames", strict.ledger.toString());
    assertThat(strict.ledger.lostByReader()).as(strict.ledger.toString()).isZero();
    assertThat(strict.format)
        .isEqualTo(V4l2Pixels.of(format).flatMap(V4l2Pixels::pixels).orElseThrow());
    assertThat(TestDevices.mappings()).isZero();
  }

  @Test
  void framesThatOutliveTheSourceStayReadable() {
    Strict strict = new Strict(3);
    CameraSource source = open(BufferType.CAPTURE, "format=nv12&size=640x360");
    source.open();
    while (strict.frames < 10) {
      source.deliver(strict);
    }
    Frame kept = strict.held.peekLast().share("late reader");
    strict.letGo();
    byte before = kept.image().plane(1).get(100);
    Thread closer = new Thread(source::close);
    closer.start();
    while (TestDevices.mappings() > FramePool.DEFAULT_SLOTS) {
      Thread.onSpinWait();
    }
    assertThat(kept.image().plane(1).get(100)).isEqualTo(before);
    kept.close();
    join(closer);
    assertThat(TestDevices.mappings()).isZero();
  }

  @Test
  void startingAndStoppingOverAndOverLeavesNothingOpen() {
    run(BufferType.CAPTURE, 2);
    long descriptors = TestDevices.descriptors();
    for (int i = 0; i < TestDevices.STARTS; i++) {
      run(i % 2 == 0 ? BufferType.CAPTURE : BufferType.CAPTURE_MPLANE, 2);
    }
    assertThat(TestDevices.descriptors()).isEqualTo(descriptors);
    assertThat(TestDevices.mappings()).isZero();
  }

  @Test
  void picturesThatTheDriverDropsAreCounted() {
    String path = TestDevices.vivid(BufferType.CAPTURE);
    try (V4l2Device control = V4l2Device.open(LibC.load(), path)) {
      V4l2Controls controls = control.controls();
      V4l2Control drops = controls.find("percentage_of_dropped_buffers").orElseThrow();
      Strict strict = new Strict(1);
      controls.set(drops, 30);
      try (CameraSource source = open(BufferType.CAPTURE, "size=320x180")) {
        source.open();
        while (strict.frames < 30) {
          source.deliver(strict);
        }
        strict.letGo();
      } finally {
        controls.set(drops, 0);
      }
      assertThat(strict.lost).isPositive();
      assertThat(strict.nextNumber).isEqualTo(strict.frames + strict.lost);
    }
  }

  @Test
  void aCameraThatIsUnpluggedIsAbsentAtOnce() {
    String path = TestDevices.vivid(BufferType.CAPTURE);
    Strict strict = new Strict(1);
    CameraSource source = open(BufferType.CAPTURE, "size=320x180");
    source.open();
    while (strict.frames < 5) {
      source.deliver(strict);
    }
    try (V4l2Device control = V4l2Device.open(LibC.load(), path)) {
      V4l2Controls controls = control.controls();
      controls.trySet(controls.find("disconnect").orElseThrow().id(), 1);
      assertThatExceptionOfType(CameraException.class)
          .isThrownBy(
              () -> {
                while (true) {
                  source.deliver(strict);
                }
              })
          .matches(e -> e.kind() == Kind.DEVICE_ABSENT)
          .withMessage("camera " + path + " has gone");
    } finally {
      strict.letGo();
      source.close();
    }
    assertThat(TestDevices.mappings()).isZero();
    run(BufferType.CAPTURE, 2);
  }

  @Test
  void controlsStandAsTheAddressSays() {
    String path = TestDevices.vivid(BufferType.CAPTURE);
    String settings = "size=320x180&controls=brightness:77,test_pattern:100%25%20Red";
    try (CameraSource source = open(BufferType.CAPTURE, settings);
        V4l2Device device = V4l2Device.open(LibC.load(), path)) {
      source.open();
      V4l2Controls controls = device.controls();
      V4l2Control brightness = controls.find("brightness").orElseThrow();
      V4l2Control pattern = controls.find("test_pattern").orElseThrow();
      assertThat(controls.value(brightness)).isEqualTo(77);
      assertThat(pattern.menu().get((int) controls.value(pattern))).isEqualTo("100% Red");
      controls.set(brightness, brightness.fallback());
      controls.set(pattern, pattern.fallback());
    }
    assertRefused("brightness:300", "control \"brightness\" is \"300\"; allowed is 0 to 255");
    assertRefused("test_pattern:Sunset", "is \"Sunset\"; allowed is 100% Black, 100% Blue");
    assertRefused("sunshine:1", "has no control \"sunshine\"; it has brightness, contrast");
    assertRefused("disconnect:1", "does not let its control \"disconnect\" be set");
  }

  private static void assertRefused(String settings, String words) {
    try (CameraSource source = open(BufferType.CAPTURE, "size=320x180&controls=" + settings)) {
      assertThatExceptionOfType(CameraException.class)
          .isThrownBy(source::open)
          .matches(e -> e.kind() == Kind.INVALID)
          .withMessageContaining(words);
    }
  }

  @Test
  void aCameraInUseIsBusy() {
    try (CameraSource first = open(BufferType.CAPTURE, "size=320x180");
        CameraSource second = open(BufferType.CAPTURE, "size=640x360")) {
      first.open();
      assertThatExceptionOfType(CameraException.class)
          .isThrownBy(second::open)
          .matches(e -> e.kind() == Kind.DEVICE_BUSY)
          .withMessageEndingWith(" is in use by this program itself");
    }
  }

  @Test
  void whatTheCameraDoesNotOfferIsRefusedWithWhatItDoes() {
    try (CameraSource size = open(BufferType.CAPTURE, "size=640x362&format=yuyv");
        CameraSource format = open(BufferType.CAPTURE, "format=h264")) {
      assertThatExceptionOfType(CameraException.class)
          .isThrownBy(size::open)
          .withMessageContaining("does not offer 640x362 in yuyv; it offers ")
          .withMessageContaining("640x360");
      assertThatExceptionOfType(CameraException.class)
          .isThrownBy(format::open)
          .withMessageContaining("does not offer format \"h264\"; it offers ")
          .withMessageContaining("yuyv");
    }
  }

  private static void run(BufferType type, int frames) {
    Strict strict = new Strict(1);
    try (CameraSource source = open(type, "size=320x180")) {
      source.open();
      while (strict.frames < frames) {
        source.deliver(strict);
      }
      strict.letGo();
    }
  }

  private static CameraSource open(BufferType type, String query) {
    return Sources.create(
        "v4l2://" + TestDevices.vivid(type) + "?fps=" + TestDevices.FPS + "&" + query);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
