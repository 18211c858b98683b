package io.github.raspberryspy.camera.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameLeakExtension;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.PixelFormat;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A JPEG has the colours that were filmed, as a reader that knows nothing of us sees them. */
class JpegEncoderTest {

  private static final int WIDTH = 64;
  private static final int HEIGHT = 48;
  private static final int TOLERANCE = 5;

  @RegisterExtension final FrameLeakExtension leaks = new FrameLeakExtension();

  @ParameterizedTest
  @CsvSource({
    "I420, false, false", "I420, true, false", "I420, false, true", "I420, true, true",
    "NV12, false, false", "NV12, false, true", "I422, true, false", "I422, false, false",
    "I444, true, false", "YUYV, false, false", "YUYV, true, false"
  })
  void coloursComeOutAsTheyWereFilmed(PixelFormat format, boolean isFull, boolean isBt709)
      throws Exception {
    int[][] colours = {{200, 40, 60}, {30, 160, 80}, {20, 60, 210}, {255, 255, 255}, {0, 0, 0}};
    for (int[] rgb : colours) {
      try (Frame frame = filmed(rgb, format, isFull, isBt709)) {
        byte[] jpeg = JpegEncoder.encode(frame.image().avFrame(), null);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(jpeg));
        assertThat(image.getWidth()).isEqualTo(WIDTH);
        assertThat(image.getHeight()).isEqualTo(HEIGHT);
        int seen = image.getRGB(WIDTH / 2, HEIGHT / 2);
        for (int part = 0; part < 3; part++) {
          assertThat((seen >> (16 - 8 * part)) & 0xff)
              .as("%s of %s", "RGB".charAt(part), Arrays.toString(rgb))
              .isBetween(rgb[part] - TOLERANCE, rgb[part] + TOLERANCE);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void whatIsPaintedIsInTheFileAndNotInTheFrame(boolean isFull) throws Exception {
    try (Frame frame = filmed(new int[] {200, 40, 60}, PixelFormat.I420, isFull, false)) {
      byte before = frame.image().plane(0).get(0);
      byte[] jpeg =
          JpegEncoder.encode(
              frame.image().avFrame(),
              picture -> {
                for (int plane = 0; plane < 3; plane++) {
                  int size = picture.linesize(plane) * (plane == 0 ? HEIGHT : HEIGHT / 2);
                  byte[] black = new byte[size];
                  Arrays.fill(black, (byte) (plane == 0 ? 0 : 128));
                  picture.data(plane).put(black, 0, size);
                }
              });
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(jpeg));
      assertThat(image.getRGB(WIDTH / 2, HEIGHT / 2) & 0xffffff).isZero();
      assertThat(frame.image().plane(0).get(0)).isEqualTo(before);
    }
  }

  /** A plain picture of a colour, by the equations of BT.601 or BT.709. */
  private Frame filmed(int[] rgb, PixelFormat format, boolean isFull, boolean isBt709) {
    double kr = isBt709 ? 0.2126 : 0.299;
    double kb = isBt709 ? 0.0722 : 0.114;
    double grey = kr * rgb[0] + (1 - kr - kb) * rgb[1] + kb * rgb[2];
    double u = (rgb[2] - grey) / (2 * (1 - kb));
    double v = (rgb[0] - grey) / (2 * (1 - kr));
    byte y = (byte) Math.round(isFull ? grey : 16 + grey * 219 / 255);
    byte cb = (byte) Math.round(Math.min(255, 128 + (isFull ? u : u * 224 / 255)));
    byte cr = (byte) Math.round(Math.min(255, 128 + (isFull ? v : v * 224 / 255)));
    FramePool pool = leaks.watch(FramePool.allocate(format, WIDTH, HEIGHT, 1));
    FrameSlot slot = pool.poll();
    AVFrame to = slot.avFrame();
    to.color_range(isFull ? avutil.AVCOL_RANGE_JPEG : avutil.AVCOL_RANGE_MPEG);
    to.colorspace(isBt709 ? avutil.AVCOL_SPC_BT709 : avutil.AVCOL_SPC_UNSPECIFIED);
    for (int plane = 0; plane < format.planes(); plane++) {
      byte[] row = new byte[format.rowBytes(plane, WIDTH)];
      for (int x = 0; x < row.length; x++) {
        row[x] = sample(format, plane, x, new byte[] {y, cb, cr});
      }
      for (int at = 0; at < format.rows(plane, HEIGHT); at++) {
        to.data(plane).position((long) at * to.linesize(plane)).put(row, 0, row.length);
      }
    }
    return slot.publish(0, 0, System.nanoTime());
  }

  private static byte sample(PixelFormat format, int plane, int x, byte[] parts) {
    if (format == PixelFormat.YUYV) {
      return parts[x % 2 == 0 ? 0 : 1 + x / 2 % 2];
    }
    if (format == PixelFormat.NV12 && plane == 1) {
      return parts[1 + x % 2];
    }
    return parts[plane];
  }
}
