package io.github.raspberryspy.motion;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.PixelFormat;
import java.util.Random;
import org.bytedeco.javacpp.BytePointer;

/**
 * A still scene with a sensor's noise, at 30 frames a second, of pictures that are drawn before: so
 * thousands of large ones cost little time.
 */
final class NoisyPictures implements AutoCloseable {

  private static final int PICTURES = 16;

  private final FramePool pool;
  private long number;

  NoisyPictures(int width, int height, double sigma) {
    pool = FramePool.allocate(PixelFormat.I420, width, height, PICTURES);
    Random random = new Random(5);
    byte[] row = new byte[width];
    double[] noise = random.doubles(8192, -1.7 * sigma, 1.7 * sigma).toArray();
    for (int picture = 0; picture < PICTURES; picture++) {
      FrameSlot slot = pool.take(picture);
      BytePointer plane = slot.avFrame().data(0);
      for (int y = 0; y < height; y++) {
        int offset = random.nextInt(noise.length);
        for (int x = 0; x < width; x++) {
          double wall = 100 + 40 * Math.sin(9.0 * x / width + 3.0 * y / height);
          row[x] = (byte) Math.max(0, wall + noise[(offset + x) % noise.length]);
        }
        plane.position((long) y * slot.avFrame().linesize(0)).put(row);
      }
      slot.discard();
    }
  }

  /** The next frame, owned by the caller. */
  Frame frame() {
    long nanos = 1_000_000_000L + number * 1_000_000_000L / 30;
    FrameSlot slot = pool.take((int) (number % PICTURES));
    return slot.publish(number, number++ * 1_000_000 / 30, nanos);
  }

  @Override
  public void close() {
    pool.close();
  }
}
