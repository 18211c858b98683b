package io.github.raspberryspy.natives.v4l2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.jna.Pointer;
import io.github.raspberryspy.natives.libc.Descriptor;
import io.github.raspberryspy.natives.libc.Errno;
import io.github.raspberryspy.natives.libc.LibC;
import io.github.raspberryspy.natives.libc.NativeException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The queue and the device's requests at the kernel's own virtual camera. */
@Tag("driver")
@Timeout(120)
class CaptureQueueDriverTest {

  private static final LibC LIBC = LibC.load();
  private static final int PICTURES = 100; // of each kind; V4l2SourceDriverTest takes a thousand
  private static final int BUFFERS = 15; // as a camera of the pipeline has

  /** The driver's pictures are stamped up to an interval ahead. */
  private static final long SLACK = 1_000_000_000L;

  @Test
  void aDeviceSaysWhatItIsAndOffers() {
    try (V4l2Device device = V4l2Device.open(LIBC, TestDevices.vivid(BufferType.CAPTURE))) {
      assertThat(device.capabilities().card()).contains("vivid");
      assertThat(device.capabilities().memToMemType()).isEmpty();
      V4l2Offers offers = device.offers();
      assertThat(offers.formats(BufferType.CAPTURE))
          .extracting(f -> f.pixels().toString())
          .contains("YUYV", "YU12", "NV12", "GREY");
      assertThat(offers.sizes(FourCc.of("YUYV")))
          .contains(FrameSize.discrete(640, 360), FrameSize.discrete(1280, 720));
      assertThat(offers.intervals(FourCc.of("YUYV"), 640, 360))
          .anySatisfy(i -> assertThat(i.fps()).isEqualTo(30));
      assertThat(offers.sizes(FourCc.of("XXXX"))).isEmpty();
      assertThat(V4l2Devices.list()).anyMatch(n -> n.path().toString().equals(device.path()));
    }
  }

  @Test
  void controlsAreListedReadAndSet() {
    try (V4l2Device device = V4l2Device.open(LIBC, TestDevices.vivid(BufferType.CAPTURE))) {
      V4l2Controls controls = device.controls();
      V4l2Control brightness = controls.find("brightness").orElseThrow();
      assertThat(brightness.type()).isEqualTo(V4l2Control.Type.INTEGER);
      controls.set(brightness, 77);
      assertThat(controls.value(brightness)).isEqualTo(77);
      controls.set(brightness, brightness.fallback());
      V4l2Control pattern = controls.find("test_pattern").orElseThrow();
      assertThat(pattern.menu()).containsValue("75% Colorbar");
      V4l2Control wide = controls.find("integer_64_bits").orElseThrow();
      controls.set(wide, wide.minimum());
      assertThat(controls.value(wide)).isEqualTo(wide.minimum());
      assertThatExceptionOfType(NativeException.class)
          .isThrownBy(() -> controls.set(pattern, 10_000))
          .withMessageContaining("VIDIOC_S_EXT_CTRLS " + device.path() + " test_pattern");
      assertThat(controls.trySet(0x12345678, 1)).isFalse();
      assertThat(controls.trySet(brightness.id(), brightness.fallback())).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CAPTURE, YUYV",
    "CAPTURE, NV12",
    "CAPTURE, YU12",
    "CAPTURE_MPLANE, YUYV",
    "CAPTURE_MPLANE, NM12",
    "CAPTURE_MPLANE, YM12",
    "CAPTURE_MPLANE, NV12"
  })
  void picturesComeWithTheirTimesAndNumbersAndBuffersGoRound(BufferType type, String letters) {
    try (V4l2Device device = V4l2Device.open(LIBC, TestDevices.vivid(type))) {
      V4l2Format format = format(device, type, letters);
      long before = System.nanoTime();
      try (CaptureQueue queue = CaptureQueue.allocate(device, format, BUFFERS)) {
        queue.start();
        assertThat(queue.withDevice()).isEqualTo(queue.count());
        BufferLedger ledger = new BufferLedger(queue.count(), TestDevices.FPS);
        int last = -1;
        for (int i = 0; i < PICTURES; i++) {
          V4l2Buffer taken = next(queue);
          ledger.taken(taken.timestampNanos(), i == 0 ? 0 : taken.sequence() - last - 1);
          last = taken.sequence();
          assertThat(taken.isDamaged()).isFalse();
          assertThat(taken.hasMonotonicTime()).isTrue();
          assertThat(taken.timestampNanos()).isBetween(before - SLACK, System.nanoTime() + SLACK);
          assertThat(taken.bytesUsed(0)).isEqualTo(format.planes().get(0).sizeBytes());
          queue.requeue(taken.index());
          ledger.returned();
        }
        queue.stop();
        queue.releaseAll();
        assertThat(ledger.lostByReader()).as(ledger.toString()).isZero();
        assertThat(ledger.lost()).as("lost by the camera itself").isLessThan(PICTURES);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = BufferType.class,
      names = {"CAPTURE", "CAPTURE_MPLANE"})
  void anExportedBufferShowsTheSameBytes(BufferType type) {
    try (V4l2Device device = V4l2Device.open(LIBC, TestDevices.vivid(type))) {
      V4l2Format format = format(device, type, type.isMultiPlanar() ? "NM12" : "NV12");
      try (CaptureQueue queue = CaptureQueue.allocate(device, format, BUFFERS)) {
        queue.start();
        V4l2Buffer taken = next(queue);
        for (int plane = 0; plane < format.planes().size(); plane++) {
          int bytes = taken.bytesUsed(plane);
          Descriptor dmabuf = queue.dmabuf(taken.index(), plane);
          assertThat(queue.dmabuf(taken.index(), plane)).isSameAs(dmabuf);
          long address = dmabuf.map(bytes, LibC.PROT_READ, 0);
          byte[] exported = new Pointer(address).getByteArray(0, bytes);
          assertThat(exported)
              .isEqualTo(new Pointer(queue.address(taken.index(), plane)).getByteArray(0, bytes))
              .isNotEqualTo(new byte[bytes]);
          dmabuf.unmap(address, bytes);
        }
        queue.stop();
        queue.releaseAll();
      }
    }
  }

  @Test
  void aWaitEndsWhenWoken() throws Exception {
    try (V4l2Device device = V4l2Device.open(LIBC, TestDevices.vivid(BufferType.CAPTURE))) {
      V4l2Format format = format(device, BufferType.CAPTURE, "YUYV");
      try (CaptureQueue queue = CaptureQueue.allocate(device, format, BUFFERS)) {
        CompletableFuture<CaptureQueue.Outcome> waiting = new CompletableFuture<>();
        Thread waiter = new Thread(() -> waiting.complete(firstThatIsNoPicture(queue)));
        queue.start();
        waiter.start();
        queue.wake();
        assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo(CaptureQueue.Outcome.NOTHING);
        waiter.join();
        queue.stop();
        queue.releaseAll();
      }
    }
  }

  @Test
  void aBufferThatComesBackAfterTheStopStaysMappedUntilItIsReleased() {
    long mappings = TestDevices.mappings();
    V4l2Device device = V4l2Device.open(LIBC, TestDevices.vivid(BufferType.CAPTURE));
    CaptureQueue queue =
        CaptureQueue.allocate(device, format(device, BufferType.CAPTURE, "YUYV"), BUFFERS);
    queue.start();
    int held = next(queue).index();
    byte[] seen = new Pointer(queue.address(held, 0)).getByteArray(0, 4096);
    queue.close();
    device.close();
    for (int i = 0; i < queue.count(); i++) {
      if (i != held) {
        queue.release(i);
      }
    }
    assertThat(TestDevices.mappings()).isEqualTo(mappings + 1);
    assertThat(new Pointer(queue.address(held, 0)).getByteArray(0, 4096)).isEqualTo(seen);
    try (V4l2Device again = V4l2Device.open(LIBC, device.path())) {
      V4l2Format format = format(again, BufferType.CAPTURE, "YUYV");
      try (CaptureQueue other = CaptureQueue.allocate(again, format, BUFFERS)) {
        other.start();
        next(other);
        queue.requeue(held);
        assertThat(other.withDevice()).isEqualTo(other.count() - 1);
        other.stop();
        other.releaseAll();
      }
    }
    queue.release(held);
    assertThat(TestDevices.mappings()).isEqualTo(mappings);
  }

  @Test
  void aSecondProgramIsToldThatTheDeviceIsBusy() {
    String path = TestDevices.vivid(BufferType.CAPTURE);
    try (V4l2Device device = V4l2Device.open(LIBC, path);
        V4l2Device other = V4l2Device.open(LIBC, path)) {
      V4l2Format format = format(device, BufferType.CAPTURE, "YUYV");
      try (CaptureQueue queue = CaptureQueue.allocate(device, format, BUFFERS)) {
        assertThatExceptionOfType(NativeException.class)
            .isThrownBy(() -> format(other, BufferType.CAPTURE, "NV12"))
            .matches(e -> e.errno().orElseThrow() == Errno.EBUSY)
            .withMessage("VIDIOC_S_FMT " + path + ": EBUSY (16)");
        queue.releaseAll();
      }
    }
  }

  private static V4l2Format format(V4l2Device device, BufferType type, String letters) {
    V4l2Format format = device.setFormat(type, FourCc.of(letters), 640, 360, 0);
    assertThat(format.pixels()).isEqualTo(FourCc.of(letters));
    Interval wanted = Interval.ofFps(TestDevices.FPS);
    assertThat(device.setInterval(type, wanted)).contains(wanted);
    return format;
  }

  private static V4l2Buffer next(CaptureQueue queue) {
    CaptureQueue.Outcome outcome = queue.await(5000);
    assertThat(outcome).isEqualTo(CaptureQueue.Outcome.PICTURE);
    return queue.taken();
  }

  private static CaptureQueue.Outcome firstThatIsNoPicture(CaptureQueue queue) {
    CaptureQueue.Outcome outcome = queue.await(20_000);
    while (outcome == CaptureQueue.Outcome.PICTURE) {
      queue.requeue(queue.taken().index());
      outcome = queue.await(20_000);
    }
    return outcome;
  }
}
