package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.Image;
import io.github.raspberryspy.camera.PixelFormat;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** A copy of a picture, to look at in tests; three planes, the chroma ones halved. */
final class Picture {

  private final int width;
  private final int height;
  private final byte[][] planes;

  private Picture(int width, int height, byte[]... planes) {
    this.width = width;
    this.height = height;
    this.planes = planes;
  }

  /** Paints a frame of a pattern, into a slot that has shown other frames before. */
  static final class Studio implements AutoCloseable {
    private final TestPatternPainter painter;
    private final FramePool pool;

    Studio(TestPattern pattern) {
      painter = new TestPatternPainter(pattern);
      pool = FramePool.allocate(PixelFormat.I420, pattern.width(), pattern.height(), 2);
    }

    Picture take(long number) {
      FrameSlot slot = pool.poll();
      painter.paint(slot, number, number);
      try (Frame frame = slot.publish(number, 0, 0)) {
        return of(frame.image());
      }
    }

    @Override
    public void close() {
      pool.close();
    }
  }

  static Picture of(Image image) {
    byte[][] planes = new byte[3][];
    for (int i = 0; i < 3; i++) {
      int columns = image.format().rowBytes(i, image.width());
      int rows = image.format().rows(i, image.height());
      planes[i] = new byte[columns * rows];
      ByteBuffer plane = image.plane(i);
      for (int row = 0; row < rows; row++) {
        plane.get(row * image.stride(i), planes[i], row * columns, columns);
      }
    }
    return new Picture(image.width(), image.height(), planes);
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  byte[][] planes() {
    return planes;
  }

  int luma(int x, int y) {
    return planes[0][y * width + x] & 0xff;
  }

  int chroma(int plane, int x, int y) {
    return planes[plane][y * (width / 2) + x] & 0xff;
  }

  OptionalLong number() {
    return TestPatternReader.frameNumber(ByteBuffer.wrap(planes[0]), width, width, height);
  }

  /** Luma of the mean of 3 by 3 pixels. */
  Picture blurred() {
    byte[] blurred = new byte[width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int sum = 0;
        for (int i = 0; i < 9; i++) {
          int atX = Math.max(0, Math.min(width - 1, x + i % 3 - 1));
          int atY = Math.max(0, Math.min(height - 1, y + i / 3 - 1));
          sum += luma(atX, atY);
        }
        blurred[y * width + x] = (byte) (sum / 9);
      }
    }
    return new Picture(width, height, blurred);
  }

  /** Luma at half the size. */
  Picture halved() {
    byte[] halved = new byte[(width / 2) * (height / 2)];
    for (int y = 0; y < height / 2; y++) {
      for (int x = 0; x < width / 2; x++) {
        int top = luma(2 * x, 2 * y) + luma(2 * x + 1, 2 * y);
        int bottom = luma(2 * x, 2 * y + 1) + luma(2 * x + 1, 2 * y + 1);
        halved[y * (width / 2) + x] = (byte) ((top + bottom) / 4);
      }
    }
    return new Picture(width / 2, height / 2, halved);
  }
}
