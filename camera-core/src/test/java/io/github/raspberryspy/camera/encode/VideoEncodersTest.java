package io.github.raspberryspy.camera.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.ImageFormat;
import io.github.raspberryspy.camera.LogLines;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.encode.EncoderConfig.Choice;
import io.github.raspberryspy.natives.libc.Errno;
import io.github.raspberryspy.natives.v4l2.FakeEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.Test;

class VideoEncodersTest {

  private static final ImageFormat NV12 = new ImageFormat(320, 240, PixelFormat.NV12, false);
  private static final String NODE = "/dev/video11";

  private final FakeEncoder device = new FakeEncoder();
  private final List<String> log = new ArrayList<>();

  private VideoEncoder open(EncoderConfig config, String... nodes) {
    List<Path> paths = Stream.of(nodes).map(Path::of).toList();
    HardwareEncoders hardware = new HardwareEncoders(() -> device, paths, device::nanos);
    try (LogLines lines = LogLines.of(VideoEncoders.class)) {
      VideoEncoder encoder = VideoEncoders.open(config, NV12, 30, hardware);
      log.addAll(lines.lines());
      return encoder;
    }
  }

  private void assertChosen(String name, String... reasons) {
    try (VideoEncoder encoder = open(EncoderConfig.h264(), NODE)) {
      assertThat(encoder.name()).isEqualTo(name);
      assertThat(encoder.takes(PixelFormat.I420)).isEqualTo(!name.contains("v4l2"));
    }
    assertThat(log).hasSize(1);
    assertThat(log.get(0)).startsWith("encoder " + name);
    for (String reason : reasons) {
      assertThat(log.get(0)).contains(reason);
    }
    assertThat(device.descriptors()).isZero();
    assertThat(device.mappings()).isZero();
  }

  @Test
  void theMachinesOwnHardwareIsFirst() {
    assertChosen("v4l2m2m (/dev/video11)");
    assertThat(log).containsExactly("encoder v4l2m2m (/dev/video11)");
  }

  @Test
  void aMachineWithoutHardwareEncodesInSoftwareAndSaysSo() {
    try (VideoEncoder encoder = open(EncoderConfig.h264())) {
      assertThat(encoder.name()).isEqualTo("libx264");
    }
    assertThat(log).containsExactly("encoder libx264, because no video device here encodes H.264");
    device.codes("HEVC");
    log.clear();
    assertChosen("libx264", "because no video device here encodes H.264");
  }

  @Test
  void aDeviceThatMayNotBeUsedIsNamed() {
    device.fails("open", Errno.EACCES);
    assertChosen("libx264", "because open /dev/video11: EACCES (13); no video device here");
    log.clear();
    device.fails("VIDIOC_ENUM_FMT", Errno.EBUSY);
    assertChosen("libx264", "because VIDIOC_ENUM_FMT /dev/video11: EBUSY (16)");
  }

  /** The Pi's driver says so when it is asked for buffers. */
  @Test
  void hardwareWithoutRoomForOneMoreGivesWayBeforeTheFirstPicture() {
    device.fails("VIDIOC_REQBUFS", Errno.EINVAL);
    assertChosen(
        "libx264",
        "because encoder v4l2m2m cannot be opened: VIDIOC_REQBUFS /dev/video11: EINVAL (22)",
        "encoder h264_v4l2m2m cannot be opened");
  }

  @Test
  void hardwareThatRefusesTheSizeOrGrantsTooLittleGivesWay() {
    device.fails("VIDIOC_S_FMT", Errno.EBUSY);
    assertChosen("libx264", "VIDIOC_S_FMT /dev/video11: EBUSY (16)", "h264_v4l2m2m");
    log.clear();
    device.grantsTooLittle(1);
    assertChosen("libx264", "VIDIOC_S_FMT NV12 320x240: EINVAL (22)");
  }

  @Test
  void hardwareThatIsAskedForAndNotThereIsAnErrorThatSaysWhy() {
    EncoderConfig hardware = EncoderConfig.h264().choice(Choice.V4L2M2M);
    device.fails("open", Errno.EBUSY);
    assertThatExceptionOfType(CameraException.class)
        .isThrownBy(() -> open(hardware, NODE))
        .matches(e -> e.kind() == Kind.ENCODER_FAILED)
        .withMessageStartingWith(
            "open /dev/video11: EBUSY (16); no video device here encodes H.264;"
                + " encoder h264_v4l2m2m cannot be opened");
  }

  @Test
  void softwareThatTakesTheFormatGetsItAsItIs() {
    EncoderConfig x264 = EncoderConfig.h264().choice(Choice.X264);
    try (VideoEncoder encoder = open(x264, NODE)) {
      assertThat(encoder.takes(PixelFormat.NV12)).isTrue();
    }
    assertThat(device.calls()).isEmpty();
  }

  @Test
  void theTargetOfHardwareHasAFloorBySize() {
    assertThat(V4l2M2mEncoder.bitrate(4_000_000, 1920, 1080)).isEqualTo(4_000_000);
    assertThat(V4l2M2mEncoder.bitrate(500_000, 1920, 1080)).isEqualTo(1_000_000);
    assertThat(V4l2M2mEncoder.bitrate(50_000, 640, 480)).isEqualTo(148_148);
    assertThat(V4l2M2mEncoder.bitrate(50_000, 3840, 2160)).isEqualTo(4_000_000);
  }

  @Test
  void theLevelAllowsSizeAndRate() {
    assertThat(V4l2M2mEncoder.level(1280, 720, 30)).isEqualTo(11); // 4.0
    assertThat(V4l2M2mEncoder.level(1920, 1080, 30)).isEqualTo(11);
    assertThat(V4l2M2mEncoder.level(1920, 1080, 60)).isEqualTo(13); // 4.2
    assertThat(V4l2M2mEncoder.level(3840, 2160, 15)).isEqualTo(15); // 5.1
  }

  @Test
  void keyframesFallOnAGridAndWhereTheyAreAskedFor() {
    KeyframeGrid grid = new KeyframeGrid(1_000_000, 40_000);
    assertThat(grid.isDue(0)).isTrue();
    assertThat(grid.isDue(960_000)).isFalse();
    assertThat(grid.isDue(990_000)).isTrue(); // half an interval early, for rounded times
    assertThat(grid.isDue(1_030_000)).isFalse();
    grid.request();
    assertThat(grid.isDue(1_500_000)).isTrue();
    assertThat(grid.isDue(1_540_000)).isFalse();
    assertThat(grid.isDue(2_000_000)).isTrue();
  }

  @Test
  void aPictureIsCopiedToTheRowsThatTheEncoderWants() {
    for (PixelFormat pixels : new PixelFormat[] {PixelFormat.I420, PixelFormat.NV12}) {
      RawLayout layout = new RawLayout(pixels, 64, 36, 96, 48);
      try (FramePool pool = FramePool.allocate(pixels, 64, 36, 1);
          BytePointer to = new BytePointer(96L * 48 * 3 / 2)) {
        var slot = pool.poll();
        AVFrame frame = slot.avFrame();
        frame.data(0).put(frame.linesize(0) * 35L + 63, (byte) 1);
        frame.data(1).put(frame.linesize(1) * 17L + 31, (byte) 2);
        try (Frame picture = slot.publish(0, 0, 0)) {
          assertThat(layout.isThatOf(picture.image())).isFalse();
          layout.copy(picture.image(), to.address());
        }
        assertThat(to.get(96L * 35 + 63)).isEqualTo((byte) 1);
        int stride = pixels == PixelFormat.I420 ? 48 : 96;
        assertThat(layout.stride(1)).isEqualTo(stride);
        assertThat(to.get(96L * 48 + stride * 17L + 31)).isEqualTo((byte) 2);
        assertThat(layout.offset(2)).isEqualTo(96L * 48 + stride * 24L);
      }
    }
  }
}
