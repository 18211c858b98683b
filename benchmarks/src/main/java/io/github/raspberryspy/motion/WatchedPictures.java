package io.github.raspberryspy.motion;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.PixelFormat;
import java.util.Random;
import org.bytedeco.javacpp.BytePointer;

/**
 * 96 different pictures of a wall with sensor noise that lie in memory, more than any cache holds,
 * taken by turns; a body may cross them.
 */
final class WatchedPictures implements AutoCloseable {

  static final int COUNT = 96;

  private final FrameSlot[] slots = new FrameSlot[COUNT];
  private final FramePool pool;
  private final int width;
  private final int height;
  private long number;
  private long nanos;

  /** Draws them: {@code size} such as {@code 1280x720}. */
  WatchedPictures(String size, boolean isMoving) {
    width = Integer.parseInt(size.substring(0, size.indexOf('x')));
    height = Integer.parseInt(size.substring(size.indexOf('x') + 1));
    pool = FramePool.allocate(PixelFormat.I420, width, height, COUNT);
    Random random = new Random(1);
    byte[] noise = new byte[1 << 16];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (byte) (2 * random.nextGaussian());
    }
    for (int i = 0; i < COUNT; i++) {
      slots[i] = pool.poll();
      draw(slots[i], noise, random, isMoving ? width * i / COUNT * 9 / 10 : width);
    }
  }

  /** The next one, captured so long after the one before; the caller closes it. */
  Frame next(long stepNanos) {
    nanos += stepNanos;
    return slots[(int) (number++ % COUNT)].publish(number, nanos / 1000, nanos);
  }

  /** Takes back the one that was closed. */
  void reclaim() {
    FrameSlot back = pool.poll();
    if (back != slots[(int) ((number - 1) % COUNT)]) {
      throw new IllegalStateException("another slot came free");
    }
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** Bytes from one row to the next. */
  int stride() {
    return slots[0].avFrame().linesize(0);
  }

  @Override
  public void close() {
    for (FrameSlot slot : slots) {
      slot.discard();
    }
    pool.close();
  }

  private void draw(FrameSlot slot, byte[] noise, Random random, int left) {
    byte[] row = new byte[width];
    BytePointer plane = slot.avFrame().data(0);
    for (int y = 0; y < height; y++) {
      int offset = random.nextInt(noise.length - width);
      for (int x = 0; x < width; x++) {
        boolean isBody = x >= left && x < left + width / 12 && y > height / 3 && y < height / 2;
        int luma = isBody ? 200 : 60 + 90 * y / height + (x * 16 / width) % 2 * 25;
        row[x] = (byte) (luma + noise[offset + x]);
      }
      plane.position((long) y * stride()).put(row);
    }
    plane.position(0);
  }
}
