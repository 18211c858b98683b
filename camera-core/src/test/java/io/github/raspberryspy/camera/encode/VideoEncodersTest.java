package io.github.raspberryspy.camera.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.ImageFormat;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.encode.EncoderConfig.Choice;
import java.util.Optional;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.Test;

class VideoEncodersTest {

  private static final ImageFormat NV12 = new ImageFormat(320, 240, PixelFormat.NV12, false);
  private static final Optional<String> NO_ENCODER = Optional.of("/dev/null");

  @Test
  void hardwareThatCannotBeOpenedGivesWayToSoftware() {
    try (VideoEncoder encoder = VideoEncoders.open(EncoderConfig.h264(), NV12, 30, NO_ENCODER)) {
      assertThat(encoder.name()).isEqualTo("libx264");
      assertThat(encoder.takes(PixelFormat.I420)).isTrue();
      assertThat(encoder.takes(PixelFormat.NV12)).isFalse();
    }
  }

  @Test
  void hardwareThatIsAskedForAndNotThereIsAnError() {
    EncoderConfig hardware = EncoderConfig.h264().choice(Choice.V4L2M2M);
    assertThatExceptionOfType(CameraException.class)
        .isThrownBy(() -> VideoEncoders.open(hardware, NV12, 30, NO_ENCODER))
        .matches(e -> e.kind() == Kind.ENCODER_FAILED);
    assertThatExceptionOfType(CameraException.class)
        .isThrownBy(() -> V4l2M2mEncoder.open("/dev/null", hardware, NV12, 30))
        .matches(e -> e.kind() == Kind.ENCODER_FAILED)
        .withMessage("encoder v4l2m2m cannot be opened: VIDIOC_QUERYCAP /dev/null: ENOTTY (25)");
  }

  @Test
  void softwareThatTakesTheFormatGetsItAsItIs() {
    EncoderConfig x264 = EncoderConfig.h264().choice(Choice.X264);
    try (VideoEncoder encoder = VideoEncoders.open(x264, NV12, 30, Optional.empty())) {
      assertThat(encoder.takes(PixelFormat.NV12)).isTrue();
    }
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
