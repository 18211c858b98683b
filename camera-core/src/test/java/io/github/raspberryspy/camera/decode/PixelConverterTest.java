package io.github.raspberryspy.camera.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameLeakExtension;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.PixelFormat;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PixelConverterTest {

  @RegisterExtension final FrameLeakExtension leaks = new FrameLeakExtension();

  private Frame grey(PixelFormat pixels, int luma, boolean full) {
    FramePool pool = leaks.watch(FramePool.allocate(pixels, 66, 50, 1));
    FrameSlot slot = pool.poll();
    AVFrame to = slot.avFrame();
    to.color_range(full ? avutil.AVCOL_RANGE_JPEG : avutil.AVCOL_RANGE_MPEG);
    for (int plane = 0; plane < pixels.planes(); plane++) {
      byte[] row = new byte[pixels.rowBytes(plane, 66)];
      Arrays.fill(row, (byte) (plane == 0 ? luma : 128));
      for (int x = 1; pixels == PixelFormat.YUYV && x < row.length; x += 2) {
        row[x] = (byte) 128;
      }
      for (int y = 0; y < pixels.rows(plane, 50); y++) {
        to.data(plane).position((long) y * to.linesize(plane)).put(row, 0, row.length);
      }
    }
    return slot.publish(7, 40_000, 99);
  }

  @ParameterizedTest
  @CsvSource({
    "YUYV, 100, false, 100", "YUYV, 235, false, 235", "YUYV, 255, true, 235", "YUYV, 0, true, 16",
    "I422, 100, false, 100", "I422, 255, true, 235", "I422, 0, true, 16", "I444, 255, true, 235",
    "NV12, 100, false, 100", "NV12, 255, true, 235", "GRAY8, 100, false, 100", "I420, 0, true, 16",
    "RGB24, 255, true, 235", "RGB24, 255, false, 235", "BGR24, 0, true, 16", "BGR24, 100, true, 102"
  })
  void lumaComesOutInTheRangeOfVideo(PixelFormat from, int luma, boolean full, int expected) {
    try (PixelConverter converter = new PixelConverter();
        Frame converted = converter.toI420(grey(from, luma, full))) {
      assertThat(converted.image().format()).isEqualTo(PixelFormat.I420);
      assertThat(converted.image().isFullRange()).isFalse();
      assertThat(converted.image().width()).isEqualTo(66);
      assertThat(converted.image().height()).isEqualTo(50);
      assertThat(converted.number()).isEqualTo(7);
      assertThat(converted.ptsUs()).isEqualTo(40_000);
      assertThat(converted.captureNanos()).isEqualTo(99);
      for (int at : new int[] {0, 33, 65}) {
        int y = converted.image().plane(0).get(25 * converted.image().stride(0) + at) & 0xff;
        assertThat(y).isBetween(expected - 2, expected + 2);
      }
      assertThat(converted.image().plane(1).get(5) & 0xff).isBetween(126, 130);
    }
  }

  @Test
  void theFrameThatWasConvertedIsGivenBackAtOnce() {
    try (PixelConverter converter = new PixelConverter()) {
      Frame from = grey(PixelFormat.YUYV, 100, false);
      try (Frame kept = from.share("test");
          Frame converted = converter.toI420(from)) {
        assertThat(kept.number()).isEqualTo(converted.number());
      }
    }
  }
}
