package io.github.raspberryspy.camera.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameLeakExtension;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.ImageFormat;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.decode.FrameDecoder;
import io.github.raspberryspy.camera.encode.EncoderConfig.Choice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class H264EncoderTest {

  private static final int WIDTH = 128;
  private static final int HEIGHT = 96;

  @RegisterExtension final FrameLeakExtension leaks = new FrameLeakExtension();

  private final List<Packet> packets = new ArrayList<>();
  private int most;

  private static ImageFormat format(PixelFormat pixels, boolean full) {
    return new ImageFormat(WIDTH, HEIGHT, pixels, full);
  }

  private FramePool pool(PixelFormat pixels) {
    return leaks.watch(FramePool.allocate(pixels, WIDTH, HEIGHT, 6));
  }

  private static H264Encoder open(Choice choice, double fps) {
    return H264Encoder.open(
        EncoderConfig.h264().choice(choice).bitrateBps(400_000),
        format(PixelFormat.I420, false),
        fps);
  }

  private static Frame frame(FramePool pool, PixelFormat pixels, boolean full, int n, long pts) {
    FrameSlot slot = pool.poll();
    assertThat(slot).as("a free slot for frame %s", n).isNotNull();
    slot.avFrame().color_range(full ? avutil.AVCOL_RANGE_JPEG : avutil.AVCOL_RANGE_MPEG);
    VideoMaker.fill(slot.avFrame(), pixels, n);
    return slot.publish(n, pts, pts * 1000);
  }

  private void encode(H264Encoder encoder, FramePool pool, int frames, double fps) {
    for (int n = 0; n < frames; n++) {
      long pts = Math.round(n * 1_000_000 / fps);
      encoder.encode(frame(pool, PixelFormat.I420, false, n, pts), packets::add);
      most = Math.max(most, pool.outstanding());
    }
  }

  private List<Long> keyframes() {
    return packets.stream().filter(Packet::isKeyframe).map(Packet::ptsUs).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "X264, 30",
    "X264, 29.97",
    "X264, 12.5",
    "OPENH264, 30",
    "OPENH264, 29.97",
    "OPENH264, 12.5"
  })
  void aKeyframeComesAtEachWholeSecond(Choice choice, double fps) {
    FramePool pool = pool(PixelFormat.I420);
    int frames = (int) (fps * 5);
    try (H264Encoder encoder = open(choice, fps)) {
      encode(encoder, pool, frames, fps);
      encoder.flush(packets::add);
      assertThat(most).as("frames held").isLessThanOrEqualTo(2);
    }
    assertThat(pool.outstanding()).isZero();
    assertThat(packets).hasSize(frames);
    List<Long> keys = keyframes();
    assertThat(keys).hasSize(5);
    for (int second = 0; second < keys.size(); second++) {
      assertThat((double) keys.get(second))
          .as("nearest to the second")
          .isBetween(second * 1e6 - 500_001 / fps, second * 1e6 + 500_001 / fps);
    }
    assertNoReordering();
    assertParameterSetsAtKeyframesOnly();
  }

  private void assertNoReordering() {
    long last = Long.MIN_VALUE;
    for (Packet packet : packets) {
      assertThat(packet.dtsUs()).isEqualTo(packet.ptsUs()).isGreaterThan(last);
      last = packet.dtsUs();
    }
  }

  private void assertParameterSetsAtKeyframesOnly() {
    for (Packet packet : packets) {
      assertThat(NalUnits.hasIdr(packet.array())).isEqualTo(packet.isKeyframe());
      assertThat(NalUnits.parameterSets(packet.array()).length > 0).isEqualTo(packet.isKeyframe());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"X264", "OPENH264"})
  void aKeyframeThatIsAskedForComesAtOnceAndTheGridStays(Choice choice) {
    FramePool pool = pool(PixelFormat.I420);
    try (H264Encoder encoder = open(choice, 10)) {
      for (int n = 0; n < 25; n++) {
        if (n == 7) {
          encoder.requestKeyframe();
        }
        encoder.encode(frame(pool, PixelFormat.I420, false, n, n * 100_000L), packets::add);
      }
      encoder.flush(packets::add);
    }
    assertThat(keyframes()).containsExactly(0L, 700_000L, 1_000_000L, 2_000_000L);
    assertParameterSetsAtKeyframesOnly();
  }

  @ParameterizedTest
  @EnumSource(names = {"X264", "OPENH264"})
  void aJumpInTimeCostsNoFrameAndTheGridGoesOnBehindIt(Choice choice) {
    FramePool pool = pool(PixelFormat.I420);
    try (H264Encoder encoder = open(choice, 10)) {
      for (int n = 0; n < 30; n++) {
        long pts = n * 100_000L + (n >= 15 ? 7_250_000 : 0);
        encoder.encode(frame(pool, PixelFormat.I420, false, n, pts), packets::add);
      }
      encoder.flush(packets::add);
    }
    assertThat(packets).hasSize(30);
    assertThat(keyframes()).containsExactly(0L, 1_000_000L, 8_750_000L, 8_950_000L, 9_950_000L);
    assertNoReordering();
  }

  @Test
  void otherGopsKeepTheirOwnGrid() {
    FramePool pool = pool(PixelFormat.I420);
    EncoderConfig config = EncoderConfig.h264().gop(Duration.ofMillis(500)).bitrateBps(400_000);
    try (H264Encoder encoder = H264Encoder.open(config, format(PixelFormat.I420, false), 20)) {
      encode(encoder, pool, 40, 20);
      encoder.flush(packets::add);
    }
    assertThat(keyframes()).containsExactly(0L, 500_000L, 1_000_000L, 1_500_000L);
  }

  @ParameterizedTest
  @CsvSource({
    "I420, false, X264",
    "I420, true, X264",
    "NV12, false, X264",
    "NV12, true, X264",
    "I420, false, OPENH264"
  })
  void whatIsDecodedIsWhatWasEncoded(PixelFormat pixels, boolean full, Choice choice) {
    FramePool pool = pool(pixels);
    EncoderConfig config = EncoderConfig.h264().choice(choice).bitrateBps(8_000_000);
    assertThat(H264Encoder.takes(config, pixels)).isTrue();
    try (H264Encoder encoder = H264Encoder.open(config, format(pixels, full), 10)) {
      for (int n = 0; n < 12; n++) {
        Frame frame = frame(pool, pixels, full, n, n * 100_000L);
        assertThat(encoder.fits(frame.image())).isTrue();
        encoder.encode(frame, packets::add);
      }
      encoder.flush(packets::add);
    }
    int[] shown = {0};
    try (FrameDecoder decoder = FrameDecoder.openH264(() -> true)) {
      FrameDecoder.Receiver receiver =
          (slot, pts) -> {
            try (Frame frame = slot.publish(shown[0], pts, 0)) {
              assertThat(frame.ptsUs()).isEqualTo(shown[0] * 100_000L);
              assertThat(frame.image().isFullRange()).isEqualTo(full);
              assertLuma(frame, shown[0]);
            }
            shown[0]++;
          };
      packets.forEach(packet -> decoder.decode(packet, receiver));
      decoder.finish(receiver);
      assertThat(decoder.takeLost()).isZero();
    }
    assertThat(shown[0]).isEqualTo(12);
  }

  private static void assertLuma(Frame frame, int number) {
    for (int y = 8; y < HEIGHT; y += 16) {
      int expected = 40 + (20 * 2 + y + number * 5) % 160;
      int is = frame.image().plane(0).get(y * frame.image().stride(0) + 20) & 0xff;
      if (expected > 50 && expected < 190) {
        assertThat(is).as("frame %s row %s", number, y).isBetween(expected - 12, expected + 12);
      }
    }
  }

  @Test
  void copyIsNoEncoder() {
    assertThatExceptionOfType(CameraException.class)
        .isThrownBy(() -> open(Choice.COPY, 30))
        .matches(e -> e.kind() == CameraException.Kind.INVALID);
  }

  @Test
  void anEncoderThatCannotBeOpenedIsToldInOneSentence() {
    assertThatExceptionOfType(CameraException.class)
        .isThrownBy(() -> open(Choice.V4L2M2M, 30))
        .matches(e -> e.kind() == CameraException.Kind.ENCODER_FAILED)
        .withMessageContaining("h264_v4l2m2m")
        .withMessageNotContaining("\n");
  }

  @Test
  void aPictureThatNoEncoderTakesIsToldAndNotEncoded() {
    ImageFormat huge = new ImageFormat(100_000, 100_000, PixelFormat.I420, false);
    assertThatExceptionOfType(CameraException.class)
        .isThrownBy(() -> H264Encoder.open(EncoderConfig.h264(), huge, 30))
        .matches(e -> e.kind() == CameraException.Kind.ENCODER_FAILED);
  }

  @Test
  void closingWithoutFlushingGivesEveryFrameBack() {
    FramePool pool = pool(PixelFormat.I420);
    try (H264Encoder encoder = open(Choice.X264, 30)) {
      encode(encoder, pool, 10, 30);
    }
    assertThat(pool.outstanding()).isZero();
  }
}
