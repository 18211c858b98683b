package io.github.raspberryspy.motion;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.segments.Box;
import java.util.Random;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;

/**
 * A drawn room: a textured wall with sensor noise, light that can be set, and a square that can be.
 */
final class DrawnScene implements AutoCloseable {

  static final long START_NANOS = 5_000_000_000L;

  final FramePool pool;
  private final PixelFormat format;
  private final int width;
  private final int height;
  private final double fps;
  private final Random random = new Random(42);
  private final byte[] row;
  private final float[] wall;
  private final double[] noise = new double[4096];
  private long number;
  private double gain = 1;
  private double sigma = 2;
  private Box square;

  DrawnScene(PixelFormat format, int width, int height, double fps) {
    this.format = format;
    this.width = width;
    this.height = height;
    this.fps = fps;
    this.pool = FramePool.allocate(format, width, height, 9);
    this.row = new byte[width * format.lumaStep()];
    this.wall = new float[width * height];
    for (int i = 0; i < wall.length; i++) {
      double across = (i % width + 0.5) / width;
      double down = (Math.floorDiv(i, width) + 0.5) / height;
      wall[i] = (float) (90 + 30 * Math.sin(17 * across + 3 * down) + 20 * Math.sin(11 * down));
    }
    for (int i = 0; i < noise.length; i++) {
      noise[i] = random.nextGaussian();
    }
  }

  DrawnScene gain(double value) {
    gain = value;
    return this;
  }

  DrawnScene sigma(double value) {
    sigma = value;
    return this;
  }

  /** Where a bright square with a dark core stands; null for none. */
  DrawnScene square(Box value) {
    square = value;
    return this;
  }

  /** A square of a tenth of the picture's width and a fifth of its height. */
  static Box squareAt(double x, double y) {
    return new Box(x, y, 0.1, 0.2);
  }

  /** Capture time of a frame. */
  long nanosOf(long frame) {
    return START_NANOS + Math.round(frame * 1e9 / fps);
  }

  /** Number of the next frame. */
  long next() {
    return number;
  }

  /** The next frame, owned by the caller. */
  Frame frame() {
    FrameSlot slot = pool.poll();
    draw(slot.avFrame());
    long nanos = nanosOf(number);
    return slot.publish(number++, (nanos - START_NANOS) / 1000, nanos);
  }

  @Override
  public void close() {
    pool.close();
  }

  private void draw(AVFrame frame) {
    BytePointer plane = frame.data(0);
    int step = format.lumaStep();
    for (int y = 0; y < height; y++) {
      int offset = random.nextInt(noise.length);
      for (int x = 0; x < width; x++) {
        double value = gain * luma(x, y) + sigma * noise[(offset + x) & (noise.length - 1)];
        row[x * step + format.lumaOffset()] = (byte) Math.max(0, Math.min(255, Math.round(value)));
      }
      plane.position((long) y * frame.linesize(0)).put(row);
    }
    plane.position(0);
  }

  private double luma(int x, int y) {
    if (square != null) {
      double u = ((x + 0.5) / width - square.x()) / square.width();
      double v = ((y + 0.5) / height - square.y()) / square.height();
      if (u >= 0 && u < 1 && v >= 0 && v < 1) {
        return Math.abs(u - 0.5) < 0.25 && Math.abs(v - 0.5) < 0.25 ? 40 : 200;
      }
    }
    return wall[y * width + x];
  }
}
