package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameLeakExtension;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.ImageFormat;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.natives.libc.Errno;
import io.github.raspberryspy.natives.libc.LibC;
import io.github.raspberryspy.natives.v4l2.BufferType;
import io.github.raspberryspy.natives.v4l2.FakeCamera;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The source at a camera that is not there, which does and fails what a test says. */
@Timeout(60)
@ExtendWith(FrameLeakExtension.class)
class V4l2SourceTest {

  private static final String PATH = "/dev/zero";
  private static final int DAMAGED = 0x40;

  private final Taken taken = new Taken();
  private long now = 50_000_000_000L;

  /** What came, with the frames kept open until the end. */
  private static final class Taken implements CameraSource.Receiver {
    private final List<Frame> frames = new ArrayList<>();
    private final List<Packet> packets = new ArrayList<>();
    private long lost;

    @Override
    public void onFrame(Frame frame) {
      frames.add(frame.share("test"));
    }

    @Override
    public void onPacket(Packet packet) {
      packets.add(packet);
    }

    @Override
    public void onLost(long n) {
      lost += n;
    }

    void letGo() {
      frames.forEach(Frame::close);
      frames.clear();
    }
  }

  private V4l2Source source(FakeCamera camera, String format) {
    V4l2Menu.Wish wish = new V4l2Menu.Wish(V4l2Pixels.of(format), 64, 36, 25, false);
    return new V4l2Source(PATH, wish, V4l2Settings.parse(""), () -> camera, () -> now);
  }

  private static V4l2Source source(FakeCamera camera, int width, int height) {
    V4l2Menu.Wish wish = new V4l2Menu.Wish(Optional.empty(), width, height, 25, false);
    return new V4l2Source(PATH, wish, V4l2Settings.parse(""), () -> camera, () -> 0);
  }

  private static FakeCamera camera(BufferType type, String letters, int[] strides, int[] sizes) {
    return new FakeCamera(type, letters).grants(strides, sizes);
  }

  private static FakeCamera yuyv() {
    return camera(BufferType.CAPTURE, "YUYV", new int[] {128}, new int[] {128 * 36});
  }

  private void close(V4l2Source source, FakeCamera camera) {
    taken.letGo();
    source.close();
    assertThat(camera.mappings()).isZero();
    assertThat(camera.descriptors()).isZero();
  }

  @Test
  void rowsLieWhereTheGrantedStridePutsThem() {
    FakeCamera camera =
        camera(BufferType.CAPTURE, "YU12", new int[] {74}, new int[] {74 * 36 * 3 / 2});
    V4l2Source source = source(camera, "yu12");
    StreamInfo info = source.open();
    assertThat(info.image()).contains(new ImageFormat(64, 36, PixelFormat.I420, false));
    assertThat(info.fps()).isEqualTo(25);
    assertThat(info.isLive()).isTrue();
    camera.memory(0, 0).setByte(74 * 35 + 3, (byte) 11);
    camera.memory(0, 0).setByte(74 * 36 + 37 * 17 + 5, (byte) 22);
    camera.memory(0, 0).setByte(74 * 36 + 37 * 18 + 37 * 2 + 7, (byte) 33);
    camera.fills(0, 0, 0, 74 * 36 * 3 / 2);
    source.deliver(taken);
    Frame frame = taken.frames.get(0);
    assertThat(frame.image().stride(0)).isEqualTo(74);
    assertThat(frame.image().stride(1)).isEqualTo(37);
    assertThat(frame.image().plane(0).get(74 * 35 + 3)).isEqualTo((byte) 11);
    assertThat(frame.image().plane(1).get(37 * 17 + 5)).isEqualTo((byte) 22);
    assertThat(frame.image().plane(2).get(37 * 2 + 7)).isEqualTo((byte) 33);
    close(source, camera);
  }

  @Test
  void planesMayHaveBuffersOfTheirOwnAndBeginBehindTheirHead() {
    FakeCamera camera =
        camera(
            BufferType.CAPTURE_MPLANE,
            "NM12",
            new int[] {80, 72},
            new int[] {80 * 36 + 16, 72 * 18 + 16});
    V4l2Source source = source(camera.grantsQuantization(1), "nv12");
    assertThat(source.open().image()).contains(new ImageFormat(64, 36, PixelFormat.NV12, true));
    camera.memory(0, 0).setByte(16 + 80 * 35 + 63, (byte) 44);
    camera.memory(0, 1).setByte(16 + 72 * 17 + 63, (byte) 55);
    camera.fillsBehind(16, 0, 0);
    source.deliver(taken);
    Frame frame = taken.frames.get(0);
    assertThat(frame.image().plane(0).get(80 * 35 + 63)).isEqualTo((byte) 44);
    assertThat(frame.image().plane(1).get(72 * 17 + 63)).isEqualTo((byte) 55);
    assertThat(frame.image().isFullRange()).isTrue();
    close(source, camera);
  }

  /** 35 rows of the second stride are 24 bytes more than an int can count. */
  @ParameterizedTest
  @ValueSource(ints = {1 << 30, 122_713_352, Integer.MAX_VALUE, -128, 1})
  void rowsThatNoBufferHasRoomForAreRefused(int stride) {
    FakeCamera camera =
        camera(BufferType.CAPTURE, "YUYV", new int[] {stride}, new int[] {128 * 36});
    V4l2Source source = source(camera, "yuyv");
    assertThatExceptionOfType(CameraException.class)
        .isThrownBy(source::open)
        .withMessageContaining("too small")
        .extracting(CameraException::kind)
        .isEqualTo(Kind.FORMAT_UNSUPPORTED);
    close(source, camera);
  }

  @Test
  void fewerPlanesThanTheFormatHasAreRefused() {
    FakeCamera camera =
        camera(BufferType.CAPTURE_MPLANE, "YM12", new int[] {64, 32}, new int[] {64 * 36, 32 * 18});
    V4l2Source source = source(camera, "yu12");
    assertThatExceptionOfType(CameraException.class)
        .isThrownBy(source::open)
        .extracting(CameraException::kind)
        .isEqualTo(Kind.FORMAT_UNSUPPORTED);
    close(source, camera);
  }

  @Test
  void whatADriverSaysOfABufferWithoutThatManyBytesIsNotRead() {
    FakeCamera camera =
        camera(BufferType.CAPTURE_MPLANE, "NM12", new int[] {64, 64}, new int[] {64 * 36, 64 * 18});
    V4l2Source source = source(camera, "nv12");
    source.open();
    camera.claims(0, 64 * 36 + 4096, 4096).claims(1, 64 * 36, 1 << 30).fillsBehind(0, 0, 0);
    for (int i = 0; i < 3; i++) {
      source.deliver(taken);
    }
    assertThat(taken.frames).hasSize(1);
    assertThat(taken.lost).isEqualTo(2);
    close(source, camera);
  }

  @Test
  void aStreamIsReadNoFurtherThanItsBuffer() {
    FakeCamera camera = camera(BufferType.CAPTURE_MPLANE, "H264", new int[] {0}, new int[] {4096});
    V4l2Source source = source(camera, "h264");
    source.open();
    camera.claims(0, 1 << 30, 0).claims(1, 100, 200).claims(2, 100, 100);
    for (int i = 0; i < 3; i++) {
      source.deliver(taken);
    }
    assertThat(taken.packets).isEmpty();
    assertThat(taken.lost).isEqualTo(3);
    close(source, camera);
  }

  @Test
  void aBufferGoesBackWithTheLastHandle() {
    FakeCamera camera = yuyv();
    V4l2Source source = source(camera, "auto");
    source.open();
    assertThat(camera.queued()).isEqualTo(FramePool.DEFAULT_SLOTS);
    camera.fills(0, 0, 0, 128 * 36);
    source.deliver(taken);
    Frame second = taken.frames.get(0).share("another");
    taken.letGo();
    assertThat(camera.queued()).isEqualTo(FramePool.DEFAULT_SLOTS - 1);
    second.close();
    assertThat(camera.queued()).isEqualTo(FramePool.DEFAULT_SLOTS);
    close(source, camera);
  }

  @Test
  void holesDamagedAndShortPicturesAreLostAndNumbersCountThem() {
    FakeCamera camera = yuyv();
    V4l2Source source = source(camera, "yuyv");
    source.open();
    camera.fills(5, 0, 0, 128 * 36);
    camera.fills(8, 40_000, 0, 128 * 36); // 6 and 7 are missing
    camera.fills(9, 80_000, DAMAGED, 128 * 36);
    camera.fills(10, 120_000, 0, 100);
    camera.fills(11, 160_000, 0, 128 * 36);
    camera.fills(0, 200_000, 0, 128 * 36); // the driver's counter began anew
    for (int i = 0; i < 6; i++) {
      source.deliver(taken);
    }
    assertThat(taken.lost).isEqualTo(4);
    assertThat(taken.frames).extracting(Frame::number).containsExactly(0L, 3L, 6L, 7L);
    assertThat(taken.frames)
        .extracting(Frame::ptsUs)
        .containsExactly(0L, 40_000L, 160_000L, 200_000L);
    assertThat(camera.queued()).isEqualTo(FramePool.DEFAULT_SLOTS - 4);
    close(source, camera);
  }

  @Test
  void timesAreTheDriversAndRiseAlways() {
    FakeCamera camera = yuyv();
    V4l2Source source = source(camera, "yuyv");
    source.open();
    camera.fills(0, 49_990_000, 0, 128 * 36);
    camera.fills(1, 49_990_000, 0, 128 * 36);
    source.deliver(taken);
    source.deliver(taken);
    assertThat(taken.frames.get(0).captureNanos()).isEqualTo(49_990_000_000L);
    assertThat(taken.frames.get(1).ptsUs()).isEqualTo(1);
    close(source, camera);
  }

  @Test
  void aDriverWithAnotherClockIsTiedToOursByItsFirstPicture() {
    FakeCamera camera = yuyv();
    V4l2Source source = source(camera, "yuyv");
    source.open();
    camera.fills(0, 1_000, 0, 128 * 36);
    camera.fills(1, 41_000, 0, 128 * 36);
    source.deliver(taken);
    source.deliver(taken);
    assertThat(taken.frames.get(0).captureNanos()).isEqualTo(now);
    assertThat(taken.frames.get(1).captureNanos()).isEqualTo(now + 40_000_000);
    close(source, camera);
  }

  /** Drivers leave the time out, or an old one in, where a picture has failed. */
  @Test
  void theTimeOfADamagedPictureCountsForNothing() {
    FakeCamera camera = yuyv();
    V4l2Source source = source(camera, "yuyv");
    source.open();
    camera.fills(0, 0, DAMAGED, 128 * 36);
    camera.fills(1, 50_000_000, 0, 128 * 36);
    camera.fills(2, 99_000_000, DAMAGED, 128 * 36);
    camera.fills(3, 50_080_000, 0, 128 * 36);
    for (int i = 0; i < 4; i++) {
      source.deliver(taken);
    }
    assertThat(taken.frames).extracting(Frame::ptsUs).containsExactly(0L, 80_000L);
    assertThat(taken.frames.get(0).captureNanos()).isEqualTo(50_000_000_000L);
    assertThat(taken.lost).isEqualTo(2);
    close(source, camera);
  }

  @ParameterizedTest
  @CsvSource({"1, 2147483647, 25", "2147483647, 1, 25", "0, 0, 25", "1, 15, 15", "10, 1, 0.1"})
  void aRateThatNoCameraHasIsNotBelieved(int numerator, int denominator, double fps) {
    FakeCamera camera = yuyv().interval(numerator, denominator);
    V4l2Source source = source(camera, "yuyv");
    assertThat(source.open().fps()).isEqualTo(fps);
    close(source, camera);
  }

  @ParameterizedTest
  @CsvSource({
    "open, ENOENT, DEVICE_ABSENT, cannot be opened: it is not there",
    "open, ENODEV, DEVICE_ABSENT, cannot be opened: it is not there",
    "open, EACCES, DEVICE_ABSENT, this user may not",
    "open, EBUSY, DEVICE_BUSY, is in use by another program",
    "open, EIO, DEVICE_ABSENT, EIO (5)",
    "VIDIOC_QUERYCAP, ENOTTY, INVALID, is no video device",
    "VIDIOC_S_FMT, EBUSY, DEVICE_BUSY, is in use by another program",
    "VIDIOC_REQBUFS, EBUSY, DEVICE_BUSY, is in use by another program",
    "VIDIOC_STREAMON, EBUSY, DEVICE_BUSY, is in use by another program",
    "mmap, ENOMEM, DEVICE_BUSY, finds no memory",
    "VIDIOC_STREAMON, ENODEV, DEVICE_ABSENT, it is not there"
  })
  void whatStandsInTheWayOfOpeningIsSaid(String call, Errno errno, Kind kind, String words) {
    FakeCamera camera = yuyv().fails(call, errno.number());
    V4l2Source source = source(camera, "yuyv");
    assertThatExceptionOfType(CameraException.class)
        .isThrownBy(source::open)
        .matches(e -> e.kind() == kind)
        .withMessageStartingWith("camera " + PATH)
        .withMessageContaining(words);
    close(source, camera);
  }

  @ParameterizedTest
  @CsvSource({
    "ENODEV, DEVICE_ABSENT, camera /dev/zero has gone",
    "EIO, DEVICE_TIMEOUT, camera /dev/zero broke off: VIDIOC_DQBUF /dev/zero: EIO (5)"
  })
  void whatEndsTheStreamIsSaid(Errno errno, Kind kind, String words) {
    FakeCamera camera = yuyv();
    V4l2Source source = source(camera, "yuyv");
    source.open();
    camera.polls(LibC.POLLERR).fails("VIDIOC_DQBUF", errno.number());
    assertThatExceptionOfType(CameraException.class)
        .isThrownBy(() -> source.deliver(taken))
        .matches(e -> e.kind() == kind)
        .withMessage(words);
    close(source, camera);
  }

  /** How long is too long is for the supervisor to say, who is told in the configuration. */
  @Test
  void aCameraThatFallsSilentIsWaitedFor() {
    FakeCamera camera = yuyv();
    V4l2Source source = source(camera, "yuyv");
    source.open();
    now += 60_000_000_000L;
    assertThat(source.deliver(taken)).isTrue();
    camera.fills(0, 0, 0, 128 * 36);
    source.deliver(taken);
    now += 60_000_000_000L;
    assertThat(source.deliver(taken)).isTrue();
    assertThat(taken.frames).hasSize(1);
    close(source, camera);
  }

  @Test
  void aSizeThatTheCameraDoesNotOfferIsKnownWhileItFilms() {
    FakeCamera camera = yuyv();
    V4l2Source source = source(camera, "yuyv");
    source.open();
    assertThatExceptionOfType(CameraException.class)
        .isThrownBy(source(camera, 96, 54)::check)
        .matches(e -> e.kind() == Kind.FORMAT_UNSUPPORTED)
        .withMessage("camera /dev/zero does not offer 96x54 in yuyv; it offers 64x36");
    source(camera, 64, 36).check();
    camera.fails("open", Errno.EBUSY.number());
    source(camera, 96, 54).check(); // one that cannot be asked is to be tried
    camera.fills(0, 0, 0, 128 * 36);
    source.deliver(taken);
    assertThat(taken.frames).hasSize(1);
    close(source, camera);
  }

  @Test
  void buffersThatAreTooSmallAreRefused() {
    FakeCamera camera = camera(BufferType.CAPTURE, "YUYV", new int[] {128}, new int[] {128 * 35});
    V4l2Source source = source(camera, "yuyv");
    assertThatExceptionOfType(CameraException.class)
        .isThrownBy(source::open)
        .matches(e -> e.kind() == Kind.FORMAT_UNSUPPORTED)
        .withMessage("camera /dev/zero granted YUYV 64x36 with buffers that are too small for it");
    close(source, camera);
  }

  @Test
  void aThousandCamerasThatGoAwayLeaveNothingOpen() {
    FakeCamera camera = yuyv();
    for (int i = 0; i < 1000; i++) {
      V4l2Source source = source(camera, "yuyv");
      source.open();
      camera.fills(i, 0, 0, 128 * 36);
      source.deliver(taken);
      camera.polls(LibC.POLLERR).fails("VIDIOC_DQBUF", Errno.ENODEV.number());
      assertThatExceptionOfType(CameraException.class)
          .isThrownBy(() -> source.deliver(taken))
          .matches(e -> e.kind() == Kind.DEVICE_ABSENT);
      camera.polls(0);
      close(source, camera);
    }
  }

  @Test
  void settingsThatCannotBeReadOrThatTheCameraHasNotAreSaid() {
    assertThat(V4l2Settings.parse("a:1,b:Two Words").values())
        .containsEntry("a", "1")
        .containsEntry("b", "Two Words");
    assertThatExceptionOfType(CameraException.class)
        .isThrownBy(() -> V4l2Settings.parse("a:1,b"))
        .matches(e -> e.kind() == Kind.INVALID)
        .withMessage("key \"controls\" has \"b\"; it reads NAME:VALUE,NAME:VALUE");
    FakeCamera camera = yuyv();
    V4l2Menu.Wish wish = new V4l2Menu.Wish(V4l2Pixels.of("yuyv"), 64, 36, 25, false);
    V4l2Source source =
        new V4l2Source(PATH, wish, V4l2Settings.parse("hue:1"), () -> camera, () -> now);
    assertThatExceptionOfType(CameraException.class)
        .isThrownBy(source::open)
        .matches(e -> e.kind() == Kind.INVALID)
        .withMessage("camera /dev/zero has no control \"hue\"; it has none");
    close(source, camera);
  }

  @Test
  void aStopEndsDelivery() {
    FakeCamera camera = yuyv();
    V4l2Source source = source(camera, "yuyv");
    source.open();
    source.stop();
    assertThat(source.deliver(taken)).isFalse();
    close(source, camera);
    source.stop();
    source.close();
    assertThat(source.deviceNode()).map(Object::toString).isEqualTo(Optional.of(PATH));
  }
}
