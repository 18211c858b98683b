package io.github.raspberryspy.benchmarks;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.ImageFormat;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.source.CameraSource;
import io.github.raspberryspy.camera.source.Sources;
import java.util.ArrayDeque;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * Pictures of the test pattern that lie in memory: 96 different ones, more than any cache holds,
 * taken by turns.
 */
public final class Pictures implements AutoCloseable, CameraSource.Receiver {

  /** Nominal time from one to the next. */
  public static final long INTERVAL_US = 33_333;

  /** How many there are. */
  public static final int COUNT = 96;

  private final ArrayDeque<FrameSlot> slots = new ArrayDeque<>();
  private final FramePool pool;
  private final ImageFormat image;
  private long number;

  /**
   * Draws them.
   *
   * @param size such as {@code 1280x720}
   */
  public Pictures(String size) {
    try (CameraSource source =
        Sources.create("test://?realtime=false&size=" + size, Sources.Delivery.AS_IT_COMES)) {
      image = source.open().image().orElseThrow();
      pool = FramePool.allocate(PixelFormat.I420, image.width(), image.height(), COUNT);
      while (slots.size() < COUNT) {
        source.deliver(this);
      }
    }
  }

  /** What they look like. */
  public ImageFormat image() {
    return image;
  }

  /** How many were taken so far. */
  public long taken() {
    return number;
  }

  /** The next one, owned by the caller, as a source publishes it. */
  public Frame next() {
    Frame frame = slots.remove().publish(number, number * INTERVAL_US, 0);
    number++;
    return frame;
  }

  /** Puts those that were closed since at the end of the line. */
  public void reclaim() {
    for (FrameSlot slot = pool.poll(); slot != null; slot = pool.poll()) {
      slots.add(slot);
    }
  }

  @Override
  public void close() {
    slots.forEach(FrameSlot::discard);
    pool.close();
  }

  @Override
  public void onFrame(Frame frame) {
    FrameSlot slot = pool.poll();
    avutil.av_frame_copy(slot.avFrame(), frame.image().avFrame());
    slots.add(slot);
  }

  @Override
  public void onPacket(Packet packet) {
    throw new IllegalStateException("the test pattern delivers frames");
  }

  @Override
  public void onLost(long lost) {
    throw new IllegalStateException("a source that is not live lost " + lost + " frames");
  }
}
