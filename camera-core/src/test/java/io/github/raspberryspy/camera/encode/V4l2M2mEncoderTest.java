package io.github.raspberryspy.camera.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameLeakExtension;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.ImageFormat;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.natives.libc.Errno;
import io.github.raspberryspy.natives.v4l2.EncoderControl;
import io.github.raspberryspy.natives.v4l2.FakeEncoder;
import io.github.raspberryspy.natives.v4l2.FourCc;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hardware encoder at one that is not there, and fails and stalls as a test says. */
@Timeout(60)
@ExtendWith(FrameLeakExtension.class)
class V4l2M2mEncoderTest {

  private static final ImageFormat VGA = new ImageFormat(640, 480, PixelFormat.I420, false);
  private static final long INTERVAL_US = 33_333;
  private static final int SLOTS = 8;

  @RegisterExtension private final FrameLeakExtension leaks = new FrameLeakExtension();

  private final FakeEncoder device = new FakeEncoder();
  private final List<Packet> packets = new ArrayList<>();
  private FramePool camera = GivenFrames.vga(SLOTS, true);
  private V4l2M2mEncoder encoder;
  private int next;

  private V4l2M2mEncoder open(EncoderConfig config, ImageFormat image) {
    return V4l2M2mEncoder.open(
        FakeHardware.with(device, device::nanos),
        FakeHardware.NODE,
        FourCc.of("H264"),
        config,
        image,
        30);
  }

  private void open() {
    encoder = open(EncoderConfig.h264(), VGA);
  }

  private void encode(int count) {
    for (int i = 0; i < count; i++) {
      Frame frame = camera.take(next % SLOTS).publish(next, next * INTERVAL_US, 0);
      next++;
      encoder.encode(frame, packets::add);
      device.pass(INTERVAL_US * 1000);
    }
  }

  private void assertEncodingFails(int count, String words) {
    assertThatExceptionOfType(CameraException.class)
        .isThrownBy(() -> encode(count))
        .matches(e -> e.kind() == Kind.ENCODER_FAILED)
        .withMessage("encoder v4l2m2m (/dev/video11) " + words);
  }

  /** The byte by which the device tells what it has coded. */
  private int content(int packet) {
    ByteBuffer data = packets.get(packet).data();
    return data.get(data.limit() - 1);
  }

  @AfterEach
  void everyHandleDescriptorAndMappingIsGivenBack() {
    if (encoder != null) {
      encoder.close();
      encoder.close();
    }
    leaks.watch(camera);
    assertThat(camera.outstanding()).isZero();
    assertThat(device.descriptors()).isZero();
    assertThat(device.mappings()).isZero();
    assertThat(device.buffers()).isZero();
  }

  @Test
  void theDeviceIsToldWhatWasAskedFor() {
    encoder = open(EncoderConfig.h264().gop(Duration.ofSeconds(2)), VGA);
    assertThat(device.settings(EncoderControl.BITRATE)).containsExactly(4_000_000L);
    assertThat(device.settings(EncoderControl.B_FRAMES)).containsExactly(0L);
    assertThat(device.settings(EncoderControl.REPEAT_HEADER)).containsExactly(1L);
    assertThat(device.settings(EncoderControl.H264_PROFILE)).containsExactly(4L); // High
    assertThat(device.settings(EncoderControl.H264_LEVEL)).containsExactly(11L); // 4.0
    assertThat(device.settings(EncoderControl.H264_I_PERIOD)).containsExactly(120L);
    assertThat(encoder.name()).isEqualTo("v4l2m2m (/dev/video11)");
  }

  @Test
  void aTargetThatWouldStallItIsRaised() {
    encoder = open(EncoderConfig.h264().bitrateBps(50_000), VGA);
    assertThat(device.settings(EncoderControl.BITRATE)).containsExactly(148_148L);
  }

  @Test
  void itTakesAndFitsWhatItWasOpenedFor() {
    open();
    assertThat(encoder.takes(PixelFormat.I420)).isTrue();
    assertThat(encoder.takes(PixelFormat.NV12)).isFalse();
    try (Frame frame = camera.take(0).publish(0, 0, 0)) {
      assertThat(encoder.fits(frame.image())).isTrue();
    }
    encoder.close();
    encoder = open(EncoderConfig.h264(), new ImageFormat(640, 480, PixelFormat.NV12, false));
    assertThat(encoder.takes(PixelFormat.NV12)).isTrue();
    try (Frame frame = camera.take(0).publish(0, 0, 0)) {
      assertThat(encoder.fits(frame.image())).isFalse();
    }
    encoder.close(); // full range is converted first, as other formats are
    encoder = open(EncoderConfig.h264(), new ImageFormat(640, 480, PixelFormat.NV12, true));
    assertThat(encoder.takes(PixelFormat.I420)).isTrue();
  }

  @Test
  void keyframesComeEachSecondAndWhenAskedForWithTheirParameterSets() {
    open();
    encode(10);
    encoder.requestKeyframe();
    encode(51);
    encoder.flush(packets::add);
    assertThat(packets).hasSize(61);
    for (int i = 0; i < 61; i++) {
      boolean isDue = i % 30 == 0 || i == 10;
      assertThat(packets.get(i).isKeyframe()).isEqualTo(isDue);
      assertThat(packets.get(i).ptsUs()).isEqualTo(i * INTERVAL_US);
      assertThat(packets.get(i).data().get(4) == 0x67).isEqualTo(isDue);
    }
  }

  @Test
  void aDeviceThatCannotBeAskedForKeyframesMakesThemByNumber() {
    device.lacks(EncoderControl.FORCE_KEYFRAME);
    open();
    assertThat(device.settings(EncoderControl.H264_I_PERIOD)).containsExactly(30L);
    encode(61);
    encoder.flush(packets::add);
    assertThat(packets.stream().filter(Packet::isKeyframe).map(Packet::ptsUs))
        .containsExactly(0L, 30 * INTERVAL_US, 60 * INTERVAL_US);
  }

  @Test
  void aCamerasFrameIsEncodedWhereItIsAndHeldUntilItWasRead() {
    device.keepsBack(2);
    open();
    encode(2);
    assertThat(encoder.isImporting()).isTrue();
    assertThat(camera.outstanding()).isEqualTo(2);
    encode(1);
    assertThat(camera.outstanding()).isEqualTo(2);
    assertThat(content(0)).isEqualTo(100); // the number of its dmabuf
    encoder.flush(packets::add);
    assertThat(camera.outstanding()).isZero();
    assertThat(packets).extracting(Packet::ptsUs).containsExactly(0L, 33_333L, 66_666L);
  }

  @Test
  void framesThatTheDeviceStillReadsComeBackWhenItIsClosed() {
    device.keepsBack(4);
    open();
    encode(3);
    assertThat(camera.outstanding()).isEqualTo(3);
  }

  @Test
  void framesThatNobodyElseCanBeGivenAreCopied() {
    camera.close();
    camera = GivenFrames.vga(SLOTS, false);
    open();
    encode(9);
    encoder.flush(packets::add);
    assertThat(encoder.isImporting()).isFalse();
    assertThat(packets).hasSize(9);
    assertThat(content(8)).isEqualTo(50); // its first byte, in the first slot again
  }

  @Test
  void rowsThatTheEncoderWantsElsewhereAreCopied() {
    device.aligns(256, 16);
    open();
    encode(9);
    assertThat(encoder.isImporting()).isFalse();
    encoder.flush(packets::add);
    assertThat(content(7)).isEqualTo(57);
  }

  @ParameterizedTest
  @CsvSource({"VIDIOC_REQBUFS, 1", "VIDIOC_STREAMON, 0", "VIDIOC_STREAMON, 1"})
  void aDeviceThatCannotImportCopies(String call, int passes) {
    device.failsAfter(call, passes, Errno.EINVAL);
    open();
    encode(3);
    encoder.flush(packets::add);
    assertThat(encoder.isImporting()).isFalse();
    assertThat(packets).hasSize(3);
    assertThat(content(2)).isEqualTo(52);
  }

  /** A USB camera's memory lies in pieces; the Pi's encoder refuses it picture by picture. */
  @ParameterizedTest
  @CsvSource({"0", "1", "5"})
  void aDeviceThatRefusesTheMemoryCopies(int before) {
    device.keepsBack(1);
    open();
    encode(before);
    device.refusesImports(Errno.EFAULT);
    encode(3);
    assertThat(encoder.isImporting()).isFalse();
    assertThat(camera.outstanding()).isZero();
    encoder.flush(packets::add);
    assertThat(packets).hasSize(before + 3);
    assertThat(packets).extracting(Packet::ptsUs).isSorted();
    assertThat(packets.get(before).isKeyframe()).isTrue();
  }

  @Test
  void aFrameThatCannotBeGivenAnyMoreIsCopied() {
    open();
    encode(2);
    try (FramePool other = FramePool.allocate(PixelFormat.I420, 640, 480, 1)) {
      encoder.encode(other.poll().publish(2, 2 * INTERVAL_US, 0), packets::add);
      encoder.flush(packets::add);
    }
    assertThat(packets).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({
    "open, 0",
    "VIDIOC_QUERYCAP, 0",
    "VIDIOC_S_FMT, 0",
    "VIDIOC_S_FMT, 1",
    "VIDIOC_G_FMT, 0",
    "VIDIOC_QUERY_EXT_CTRL, 0",
    "VIDIOC_REQBUFS, 0",
    "VIDIOC_QUERYBUF, 2",
    "mmap, 3"
  })
  void anOpeningThatFailsHalfWayLeavesNothing(String call, int passes) {
    device.failsAfter(call, passes, Errno.ENOMEM);
    assertThatExceptionOfType(CameraException.class)
        .isThrownBy(this::open)
        .matches(e -> e.kind() == Kind.ENCODER_FAILED)
        .withMessageStartingWith("encoder v4l2m2m cannot be opened: " + call + " /dev/video11");
  }

  @Test
  void aPictureForWhichTheDeviceHasNoRoomIsRefused() {
    ImageFormat odd =
        new ImageFormat(64, 37, PixelFormat.I420, false); // chroma has 19 rows, not 18
    for (ImageFormat image : List.of(odd, new ImageFormat(3840, 2160, PixelFormat.I420, false))) {
      assertThatExceptionOfType(CameraException.class)
          .isThrownBy(() -> open(EncoderConfig.h264(), image))
          .matches(e -> e.kind() == Kind.ENCODER_FAILED)
          .withMessageContaining("EINVAL");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "VIDIOC_REQBUFS, 0",
    "VIDIOC_QUERYBUF, 1",
    "mmap, 2",
    "VIDIOC_QBUF, 2",
    "VIDIOC_STREAMON, 0",
    "VIDIOC_STREAMON, 1",
    "VIDIOC_QBUF, 4",
    "poll, 0",
    "VIDIOC_DQBUF, 0",
    "VIDIOC_DQBUF, 1"
  })
  void aFirstPictureThatFailsHalfWayLeavesNothing(String call, int passes) {
    camera.close();
    camera = GivenFrames.vga(SLOTS, false);
    open();
    device.failsAfter(call, passes, Errno.EIO);
    assertEncodingFails(1, "failed: " + call + " /dev/video11: EIO (5)");
  }

  @Test
  void aDeviceThatGoesAwayIsAFailure() {
    device.keepsBack(2);
    open();
    encode(3);
    device.goes();
    assertEncodingFails(1, "failed: VIDIOC_QBUF /dev/video11: ENODEV (19)");
  }

  @Test
  void anErrorAfterTheDrainBeganIsAFailure() {
    device.keepsBack(3);
    open();
    encode(3);
    device.fails("VIDIOC_DQBUF", Errno.EIO);
    assertThatExceptionOfType(CameraException.class)
        .isThrownBy(() -> encoder.flush(packets::add))
        .withMessageEndingWith("failed: VIDIOC_DQBUF /dev/video11: EIO (5)");
  }

  @Test
  void aDamagedPictureIsLeftOutAndTheNextIsAKeyframe() {
    open();
    encode(5);
    device.damagesNext();
    encode(4);
    encoder.flush(packets::add);
    assertThat(packets).extracting(Packet::ptsUs).doesNotContain(5 * INTERVAL_US).hasSize(8);
    assertThat(packets.stream().filter(Packet::isKeyframe).map(Packet::ptsUs))
        .containsExactly(0L, 6 * INTERVAL_US);
  }

  @Test
  void anEncoderThatHasStalledCanBeGivenUp() {
    open();
    encode(3);
    device.stalls(true);
    encode(4); // as many as it has places for
    assertThat(camera.outstanding()).isEqualTo(4);
    encoder.giveUp();
    long before = device.nanos();
    assertEncodingFails(1, "was given up");
    assertThat(device.nanos() - before).isLessThanOrEqualTo(100_000_000);
  }

  @Test
  void withNobodyToWatchAStallEndsByItself() {
    open();
    device.stalls(true);
    long before = device.nanos();
    assertEncodingFails(5, "has given nothing for 10 s");
    assertThat(device.nanos() - before).isBetween(10_000_000_000L, 10_300_000_000L);
  }

  @Test
  void aDeviceThatTakesPicturesAndGivesNothingHasStalledToo() {
    device.swallows(true);
    open();
    assertEncodingFails(400, "has given nothing for 10 s");
  }

  @Test
  void aDrainThatStallsEnds() {
    device.keepsBack(2);
    open();
    encode(2);
    device.stalls(true);
    assertThatExceptionOfType(CameraException.class)
        .isThrownBy(() -> encoder.flush(packets::add))
        .withMessageEndingWith("has given nothing for 10 s");
  }

  @Test
  void aSlowCameraAndASlowReaderAreNoStall() {
    open();
    for (int i = 0; i < 3; i++) {
      device.pass(60_000_000_000L);
      Frame frame = camera.take(i).publish(i, i * 60_000_000L, 0);
      encoder.encode(
          frame,
          packet -> {
            packets.add(packet);
            device.pass(60_000_000_000L);
          });
    }
    encoder.flush(packets::add);
    assertThat(packets).hasSize(3);
  }
}
