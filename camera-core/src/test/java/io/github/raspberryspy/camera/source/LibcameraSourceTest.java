package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameLeakExtension;
import io.github.raspberryspy.camera.Image;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.natives.libc.Errno;
import io.github.raspberryspy.natives.libcamera.LibcameraDevice.Control;
import io.github.raspberryspy.natives.libcamera.LibcameraDevice.Status;
import io.github.raspberryspy.natives.libcamera.LibcameraException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(FrameLeakExtension.class)
class LibcameraSourceTest {

  private static final String ADDRESS = "libcamera://0?size=128x64";
  private static final long SECOND = 1_000_000_000;

  private final FakeLibcamera device = new FakeLibcamera();
  private final Taker taker = new Taker();

  @Test
  void aFrameIsTheCamerasOwnMemoryAndItsLastCloseGivesTheBufferBack() {
    try (CameraSource source = source(ADDRESS)) {
      StreamInfo info = source.open();
      assertThat(info.isLive()).isTrue();
      assertThat(info.isEncoded()).isFalse();
      assertThat(info.image().orElseThrow().isFullRange()).isTrue();
      device.complete(2, Status.GOOD, 7);
      List<Frame> held = new ArrayList<>();
      taker.onFrame = frame -> held.add(frame.share("test"));
      source.deliver(taker);
      try (Frame frame = held.get(0)) {
        assertThat(frame.image().address(0)).isEqualTo(device.memory.get(2).address());
        assertThat(frame.image().stride(0)).isEqualTo(FakeLibcamera.STRIDE);
        assertThat(frame.image().stride(1)).isEqualTo(FakeLibcamera.STRIDE / 2);
        assertThat(frame.image().format()).isEqualTo(PixelFormat.I420);
        assertThat(frame.number()).isZero();
        assertThat(frame.captureNanos()).isEqualTo(device.stamp(7));
        assertThat(device.requeued).isEmpty();
      }
      assertThat(device.requeued).containsExactly(2);
    }
    assertThat(device.state).isEqualTo("closed");
  }

  @Test
  void aPictureInOnePieceOfMemoryCanBeGivenToAnotherDevice() {
    try (CameraSource source = source(ADDRESS)) {
      source.open();
      device.complete(2, Status.GOOD, 0);
      taker.onFrame = frame -> assertThat(frame.image().dmabufs()).containsExactly(102);
      source.deliver(taker);
      assertThat(taker.numbers).hasSize(1);
    }
    FakeLibcamera shifted = new FakeLibcamera();
    shifted.offset = 64;
    try (CameraSource source = of(ADDRESS, shifted, SECOND)) {
      source.open();
      shifted.complete(0, Status.GOOD, 0);
      taker.onFrame = frame -> assertThat(frame.image().dmabufs()).isEmpty();
      source.deliver(taker);
      assertThat(taker.numbers).hasSize(2);
    }
  }

  @Test
  void theSmallerPictureOfTheSameCaptureComesAlong() {
    try (CameraSource source = source(ADDRESS + "&lores=64x32")) {
      source.open();
      device.complete(1, Status.GOOD, 0);
      List<Long> addresses = new ArrayList<>();
      taker.onFrame =
          frame -> {
            Image lores = frame.lores().orElseThrow();
            addresses.add(frame.image().address(0));
            addresses.add(lores.address(0));
            assertThat(lores.width()).isEqualTo(64);
            assertThat(lores.height()).isEqualTo(32);
            assertThat(lores.format()).isEqualTo(PixelFormat.I420);
          };
      source.deliver(taker);
      assertThat(addresses)
          .containsExactly(
              device.memory.get(1).address(),
              device.memory.get(FakeLibcamera.BUFFERS + 1).address());
      assertThat(device.requeued).containsExactly(1);
    }
  }

  @Test
  void holesAndDamagedPicturesAreLossesAndTheFirstOnesAreNot() {
    try (CameraSource source = source(ADDRESS)) {
      source.open();
      device.complete(0, Status.STARTUP, 0);
      device.complete(1, Status.STARTUP, 1);
      device.complete(2, Status.GOOD, 2);
      device.complete(3, Status.GOOD, 5);
      device.complete(0, Status.DAMAGED, 6);
      device.complete(1, Status.GOOD, 7);
      for (int i = 0; i < 6; i++) {
        assertThat(source.deliver(taker)).isTrue();
      }
      assertThat(taker.numbers).containsExactly(0L, 3L, 5L);
      assertThat(taker.lost).containsExactly(2L, 1L);
      assertThat(taker.timesUs).containsExactly(0L, 99_999L, 166_666L);
      assertThat(device.requeued).containsExactly(0, 1, 2, 3, 0, 1);
    }
  }

  @Test
  void aCameraThatGivesUpOrSendsNothingEndsTheRun() {
    try (CameraSource source = source(ADDRESS)) {
      source.open();
      device.complete(0, Status.GOOD, 0);
      device.complete(1, Status.CANCELLED, 0);
      source.deliver(taker);
      assertFails(source, Kind.DEVICE_TIMEOUT, "camera fake gave up in the middle of a picture");
    }
    FakeLibcamera silent = new FakeLibcamera();
    try (CameraSource source = of(ADDRESS, silent, 0)) {
      source.open();
      assertFails(source, Kind.DEVICE_TIMEOUT, "camera fake has sent no picture for 0 ms");
    }
    assertThat(silent.state).isEqualTo("closed");
  }

  @Test
  void aCameraThatHasNoBufferIsNotBlamed() {
    try (CameraSource source = of(ADDRESS, device, 0)) {
      source.open();
      List<Frame> held = new ArrayList<>();
      taker.onFrame = frame -> held.add(frame.share("test"));
      for (int i = 0; i < FakeLibcamera.BUFFERS; i++) {
        device.complete(i, Status.GOOD, i);
        source.deliver(taker);
      }
      assertThat(source.deliver(taker)).isTrue();
      held.forEach(Frame::close);
      assertFails(source, Kind.DEVICE_TIMEOUT, "has sent no picture");
    }
  }

  @Test
  void stopEndsTheStream() {
    try (CameraSource source = source(ADDRESS)) {
      source.open();
      source.stop();
      assertThat(source.deliver(taker)).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ENODEV, DEVICE_ABSENT",
    "EBUSY, DEVICE_BUSY",
    "EINVAL, FORMAT_UNSUPPORTED",
    "EIO, DEVICE_TIMEOUT"
  })
  void whatLibcameraSaysDecidesWhatIsDone(Errno errno, Kind kind) {
    try (CameraSource refused =
        LibcameraSource.of(
            SourceUri.parse(ADDRESS),
            which -> {
              throw new LibcameraException(errno.number(), "camera " + which + " says no");
            },
            SECOND,
            SECOND)) {
      assertThatThrownBy(refused::open)
          .isInstanceOfSatisfying(CameraException.class, e -> assertThat(e.kind()).isEqualTo(kind))
          .hasMessage("camera 0 says no");
    }
    try (CameraSource source = source(ADDRESS)) {
      source.open();
      device.fail(errno, "the camera was taken away");
      assertFails(source, kind, "the camera was taken away");
    }
  }

  @Test
  void keysBecomeControls() {
    offer("FrameDurationLimits", "8333", "1000000");
    offer("ExposureTimeMode", "0", "1");
    offer("ExposureTime", "14", "200000");
    offer("AnalogueGain", "1.0", "16.0");
    offer("AwbMode", "0", "7");
    offer("AfMode", "0", "2");
    offer("AfTrigger", "0", "1");
    offer("AeFlickerMode", "0", "1");
    offer("AeFlickerPeriod", "100", "1000000");
    offer("NoiseReductionMode", "0", "4");
    offer("HdrMode", "0", "4");
    offer("Brightness", "-1.0", "1.0");
    offer("ScalerCrop", "(0, 0)/64x64", "(16, 8)/4608x2592");
    try (CameraSource source =
        source(
            ADDRESS
                + "&fps=25&exposure=10000&gain=2&awb=indoor&af=auto&flicker=50&noise=high&hdr=night"
                + "&brightness=-0.5&roi=0.25,0.5,0.5,0.25&rotation=180&buffers=6&lores=64x32")) {
      assertThat(source.open().fps()).isEqualTo(25);
    }
    assertThat(device.set)
        .containsEntry("FrameDurationLimits", "40000,40000")
        .containsEntry("ExposureTimeMode", "1")
        .containsEntry("ExposureTime", "10000")
        .containsEntry("AnalogueGain", "2.0000")
        .doesNotContainKey("AnalogueGainMode")
        .containsEntry("AwbMode", "4")
        .containsEntry("AfMode", "1")
        .containsEntry("AfTrigger", "0")
        .containsEntry("AeFlickerMode", "1")
        .containsEntry("AeFlickerPeriod", "10000")
        .containsEntry("NoiseReductionMode", "2")
        .containsEntry("HdrMode", "4")
        .containsEntry("Brightness", "-0.5000")
        .containsEntry("ScalerCrop", "1168,1304,2304,648");
    assertThat(device.ask.rotationDegrees()).isEqualTo(180);
    assertThat(device.ask.buffers()).isEqualTo(6);
    assertThat(device.ask.lores().orElseThrow().width()).isEqualTo(64);
  }

  @Test
  void aCameraThatCannotGoSoFastIsTakenAsItIs() {
    offer("FrameDurationLimits", "66666", "1000000");
    try (CameraSource source = source(ADDRESS + "&fps=30")) {
      assertThat(source.open().fps()).isBetween(14.9, 15.1);
    }
    assertThat(device.set).containsEntry("FrameDurationLimits", "66666,66666");
  }

  @Test
  void aKeyThatTheCameraCannotFollowIsAnError() {
    offer("Contrast", "0.5", "2.0");
    try (CameraSource source = source(ADDRESS + "&af=continuous")) {
      assertInvalid(
          source, "key \"af\" needs the control AfMode, which camera fake lacks; it has Contrast");
    }
    FakeLibcamera other = new FakeLibcamera();
    other.controls.addAll(device.controls);
    try (CameraSource source = of(ADDRESS + "&contrast=3", other, SECOND)) {
      assertInvalid(
          source, "key \"contrast\" is \"3\"; camera fake takes Contrast from 0.5 to 2.0");
    }
    assertThat(other.state).isEqualTo("closed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "libcamera://0?gian=1 | does not know the key \"gian\"; known are [af, awb, brightness,",
        "libcamera://0?format=mjpeg | one of yuv420, nv12, yuyv, grey, rgb24, bgr24",
        "libcamera://0?rotation=45 | one of 0, 90, 180, 270",
        "libcamera://0?buffers=2 | a whole number from 3 to 32",
        "libcamera://0?hdr=sensor | one of off, single, multi, night",
        "libcamera://0?lores=big | WIDTHxHEIGHT",
      })
  void whatCannotBeIsRefusedInOneSentence(String address, String sentence) {
    assertThatThrownBy(() -> Sources.create(address))
        .isInstanceOfSatisfying(
            CameraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
        .hasMessageContaining(sentence);
  }

  @ParameterizedTest
  @CsvSource({
    "libcamera://0?fps=1, 0",
    "libcamera://imx708, imx708",
    "libcamera:///base/soc/i2c0mux/i2c@1/imx708@1a?fps=5, /base/soc/i2c0mux/i2c@1/imx708@1a",
    "libcamera://Sensor%20B, Sensor B",
    "libcamera://, 0",
  })
  void aCameraIsNamedByNumberOrId(String address, String which) {
    assertThat(LibcameraKeys.camera(SourceUri.parse(address))).isEqualTo(which);
  }

  private void offer(String name, String least, String most) {
    device.controls.add(new Control(name, least, most));
  }

  private CameraSource source(String address) {
    return of(address, device, 60 * SECOND);
  }

  private static CameraSource of(String address, FakeLibcamera device, long patience) {
    return LibcameraSource.of(SourceUri.parse(address), which -> device, patience, patience);
  }

  private void assertFails(CameraSource source, Kind kind, String sentence) {
    assertThatThrownBy(() -> source.deliver(taker))
        .isInstanceOfSatisfying(CameraException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContaining(sentence);
  }

  private static void assertInvalid(CameraSource source, String sentence) {
    assertThatThrownBy(source::open)
        .isInstanceOfSatisfying(
            CameraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
        .hasMessageContaining(sentence);
  }

  /** Notes what comes. */
  private static final class Taker implements CameraSource.Receiver {
    final List<Long> numbers = new ArrayList<>();
    final List<Long> timesUs = new ArrayList<>();
    final List<Long> lost = new ArrayList<>();
    Consumer<Frame> onFrame = frame -> {};

    @Override
    public void onFrame(Frame frame) {
      numbers.add(frame.number());
      timesUs.add(frame.ptsUs());
      onFrame.accept(frame);
    }

    @Override
    public void onPacket(Packet packet) {
      throw new AssertionError("a packet");
    }

    @Override
    public void onLost(long frames) {
      lost.add(frames);
    }
  }
}
