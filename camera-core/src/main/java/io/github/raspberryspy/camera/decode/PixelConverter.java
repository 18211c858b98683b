package io.github.raspberryspy.camera.decode;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.internal.Av;
import java.time.Duration;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.DoublePointer;

/**
 * Converts frames to I420 of video range, into memory of its own: the one copy that sources cost
 * whose pixels no encoder takes (YUYV, 4:2:2 from JPEG). For one thread.
 */
public final class PixelConverter implements AutoCloseable {

  private static final int SLOTS = 3;

  private SwsContext context;
  private FramePool pool;

  /** A converter that learns the size from its first frame. */
  public PixelConverter() {}

  /**
   * Converts a frame; takes ownership of the handle.
   *
   * @return a frame of format I420 with the same number and times, owned by the caller
   */
  public Frame toI420(Frame frame) {
    try (frame) {
      AVFrame from = frame.image().avFrame();
      if (pool == null) {
        pool = FramePool.allocate(PixelFormat.I420, from.width(), from.height(), SLOTS);
      }
      FrameSlot slot = take();
      convert(from, slot.avFrame());
      return slot.publish(frame.number(), frame.ptsUs(), frame.captureNanos());
    }
  }

  /** Converts whatever FFmpeg can into a picture that has memory of its own. */
  void convert(AVFrame from, AVFrame to) {
    context =
        swscale.sws_getCachedContext(
            context,
            from.width(),
            from.height(),
            from.format(),
            to.width(),
            to.height(),
            to.format(),
            swscale.SWS_BILINEAR,
            null,
            null,
            (DoublePointer) null);
    if (context == null) {
      throw new CameraException(
          Kind.FORMAT_UNSUPPORTED,
          "pixel format " + from.format() + " of FFmpeg cannot be converted to " + to.format());
    }
    Av.check(swscale.sws_scale_frame(context, to, from), Kind.BUG, "conversion of a frame");
    to.color_range(avutil.AVCOL_RANGE_MPEG);
  }

  @Override
  public void close() {
    swscale.sws_freeContext(context);
    context = null;
    if (pool != null) {
      pool.close();
    }
  }

  private FrameSlot take() {
    FrameSlot slot = pool.poll();
    if (slot == null) {
      try {
        slot = pool.take(Duration.ofSeconds(2));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    if (slot == null) {
      throw new CameraException(
          Kind.ENCODER_FAILED, "the encoder holds all " + SLOTS + " converted frames");
    }
    return slot;
  }
}
