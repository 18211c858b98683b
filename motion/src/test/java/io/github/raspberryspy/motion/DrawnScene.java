package io.github.raspberryspy.motion;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.segments.Box;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;

/**
 * A drawn scene: a textured wall with sensor noise, light that can be set, and a square that can
 * be; or another backdrop, with layers over it, whose truth is known. Pictures depend on time
 * alone: the same scene at another rate is the same scene.
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
  private final List<Canvas.Layer> layers = new ArrayList<>();
  private final List<Canvas.Layer> lens = new ArrayList<>();
  private final Canvas canvas;
  private DoubleUnaryOperator noisiness = seconds -> 1;

  DrawnScene(PixelFormat format, int width, int height, double fps) {
    this.format = format;
    this.width = width;
    this.height = height;
    this.fps = fps;
    this.pool = FramePool.allocate(format, width, height, 9);
    this.row = new byte[width * format.lumaStep()];
    this.wall = new float[width * height];
    this.canvas = new Canvas(width, height);
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

  /** What stands still, in place of the wall. */
  DrawnScene backdrop(long seed, double brightness) {
    System.arraycopy(Backdrop.of(seed, width, height, brightness), 0, wall, 0, wall.length);
    return this;
  }

  /** Draws this over all that was added before. */
  DrawnScene with(Canvas.Layer layer) {
    layers.add(layer);
    return this;
  }

  /** Moves the whole picture, in shares of its width. */
  DrawnScene shake(DoubleUnaryOperator across, DoubleUnaryOperator down) {
    lens.add(
        (to, seconds) ->
            to.shift(width * across.applyAsDouble(seconds), width * down.applyAsDouble(seconds)));
    return this;
  }

  /** Noise of the sensor by time, times {@link #sigma}. */
  DrawnScene noisiness(DoubleUnaryOperator bySeconds) {
    noisiness = bySeconds;
    return this;
  }

  /** 1 when a body is in the latest picture, 0 when none is, -1 when it is at the edge. */
  int truth() {
    return square != null ? 1 : canvas.truth();
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  double fps() {
    return fps;
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
    double seconds = number / fps;
    canvas.start(wall);
    drawSquare();
    layers.forEach(layer -> layer.paint(canvas, seconds));
    lens.forEach(layer -> layer.paint(canvas, seconds));
    double strength = sigma * noisiness.applyAsDouble(seconds);
    BytePointer plane = frame.data(0);
    int step = format.lumaStep();
    for (int y = 0, i = 0; y < height; y++) {
      int offset = random.nextInt(noise.length);
      for (int x = 0; x < width; x++, i++) {
        double value =
            gain * canvas.luma[i] + strength * noise[(offset + x) & (noise.length - 1)] + 0.5;
        row[x * step + format.lumaOffset()] = (byte) Math.max(0, Math.min(255, (int) value));
      }
      plane.position((long) y * frame.linesize(0)).put(row);
    }
    plane.position(0);
  }

  private void drawSquare() {
    if (square == null) {
      return;
    }
    for (int y = (int) (square.y() * height); y < (square.y() + square.height()) * height; y++) {
      for (int x = (int) (square.x() * width); x < (square.x() + square.width()) * width; x++) {
        double u = ((x + 0.5) / width - square.x()) / square.width();
        double v = ((y + 0.5) / height - square.y()) / square.height();
        if (u >= 0 && u < 1 && v >= 0 && v < 1) {
          boolean isCore = Math.abs(u - 0.5) < 0.25 && Math.abs(v - 0.5) < 0.25;
          canvas.blend(x, y, isCore ? 40 : 200, 1);
        }
      }
    }
  }
}
