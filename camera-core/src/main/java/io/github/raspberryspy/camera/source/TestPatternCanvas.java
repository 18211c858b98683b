package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.PixelFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/**
 * The memory of one slot, and what of it differs from the background since it was last drawn.
 *
 * <p>Not thread-safe. It must not be used any more once the pool is closed.
 */
final class TestPatternCanvas {

  private final TestPatternPlanes background;
  private final ByteBuffer[] planes = new ByteBuffer[3];
  private final int[] strides = new int[3];
  private final byte[] line;
  private final boolean[] dirty = new boolean[TestPattern.MAX_OBJECTS];
  private final int[] dirtyX = new int[TestPattern.MAX_OBJECTS];
  private final int[] dirtyY = new int[TestPattern.MAX_OBJECTS];

  /** Shows the background. */
  TestPatternCanvas(AVFrame frame, TestPatternPlanes background) {
    this.background = background;
    this.line = new byte[background.width];
    frame
        .color_range(avutil.AVCOL_RANGE_MPEG)
        .colorspace(avutil.AVCOL_SPC_BT709)
        .color_primaries(avutil.AVCOL_PRI_BT709)
        .color_trc(avutil.AVCOL_TRC_BT709);
    for (int i = 0; i < planes.length; i++) {
      strides[i] = frame.linesize(i);
      long bytes =
          (long) strides[i] * (PixelFormat.I420.rows(i, background.height) - 1)
              + PixelFormat.I420.rowBytes(i, background.width);
      planes[i] = new BytePointer(frame.data(i)).capacity(bytes).limit(bytes).asByteBuffer();
    }
    restore(0, 0, background.width, background.height);
  }

  ByteBuffer plane(int plane) {
    return planes[plane];
  }

  int stride(int plane) {
    return strides[plane];
  }

  int width() {
    return background.width;
  }

  int height() {
    return background.height;
  }

  /** Draws an object; until it is wiped. */
  void stamp(int object, TestPatternSprite sprite, int x, int y) {
    sprite.draw(this, x, y);
    dirty[object] = true;
    dirtyX[object] = x;
    dirtyY[object] = y;
  }

  /** Shows the background where the object was drawn last. */
  void wipe(int object, TestPatternSprite sprite) {
    if (dirty[object]) {
      dirty[object] = false;
      restore(dirtyX[object], dirtyY[object], sprite.width(), sprite.height());
    }
  }

  /** Shows the background in a rectangle, which may reach out of the picture. */
  void restore(int x, int y, int width, int height) {
    int left = Math.max(0, x) & ~1;
    int right = Math.min(background.width, (x + width + 1) & ~1);
    int top = Math.max(0, y) & ~1;
    int bottom = Math.min(background.height, (y + height + 1) & ~1);
    for (int plane = 0; plane < planes.length && left < right; plane++) {
      int shift = plane == 0 ? 0 : 1;
      int columns = (right - left) >> shift;
      for (int row = top >> shift; row < bottom >> shift; row++) {
        int from = row * background.stride(plane) + (left >> shift);
        int to = row * strides[plane] + (left >> shift);
        planes[plane].put(to, background.plane(plane), from, columns);
      }
    }
  }

  /** Sets the luma of a rectangle inside the picture. */
  void fillLuma(int x, int y, int width, int height, byte luma) {
    Arrays.fill(line, 0, width, luma);
    for (int row = y; row < y + height; row++) {
      planes[0].put(row * strides[0] + x, line, 0, width);
    }
  }
}
