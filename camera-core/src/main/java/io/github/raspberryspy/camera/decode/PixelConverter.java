package io.github.raspberryspy.camera.decode;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.internal.Av;
import java.time.Duration;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.IntPointer;

/**
 * Converts frames to I420 of video range, into memory of its own: the one copy that sources cost
 * whose pixels no encoder takes (YUYV, 4:2:2 from JPEG). For one thread.
 */
public final class PixelConverter implements AutoCloseable {

  private static final int SLOTS = 3;

  private SwsContext context;
  private Shape opened; // what the context is for
  private FramePool pool;

  private static final int AS_IT_IS = avutil.AVCOL_SPC_UNSPECIFIED;

  /** What a scaler has to know before it is opened; the range too, it does not look by itself. */
  private record Shape(
      int width,
      int height,
      int format,
      boolean isFull,
      int space,
      int toWidth,
      int toHeight,
      int toFormat) {

    static Shape of(AVFrame from, AVFrame to) {
      return new Shape(
          from.width(),
          from.height(),
          from.format(),
          from.color_range() == avutil.AVCOL_RANGE_JPEG,
          to.format() == avutil.AV_PIX_FMT_YUVJ420P ? from.colorspace() : AS_IT_IS,
          to.width(),
          to.height(),
          to.format());
    }

    SwsContext open() {
      SwsContext scaler = Av.checkAllocated(swscale.sws_alloc_context(), "a scaler");
      try {
        prepare(scaler);
      } catch (Throwable e) {
        swscale.sws_freeContext(scaler);
        throw e;
      }
      return scaler;
    }

    private void prepare(SwsContext scaler) {
      set(scaler, "srcw", width);
      set(scaler, "srch", height);
      set(scaler, "src_format", format);
      set(scaler, "src_range", isFull ? 1 : 0);
      set(scaler, "dstw", toWidth);
      set(scaler, "dsth", toHeight);
      set(scaler, "dst_format", toFormat);
      set(scaler, "dst_range", toFormat == avutil.AV_PIX_FMT_YUVJ420P ? 1 : 0);
      set(scaler, "sws_flags", swscale.SWS_BILINEAR);
      if (swscale.sws_init_context(scaler, null, null) < 0) {
        throw new CameraException(
            Kind.FORMAT_UNSUPPORTED,
            "pixel format " + format + " of FFmpeg cannot be converted to " + toFormat);
      }
      if (space == avutil.AVCOL_SPC_BT709) {
        int full = 1 << 16;
        IntPointer from = swscale.sws_getCoefficients(swscale.SWS_CS_ITU709);
        IntPointer jpeg = swscale.sws_getCoefficients(swscale.SWS_CS_ITU601);
        swscale.sws_setColorspaceDetails(scaler, from, isFull ? 1 : 0, jpeg, 1, 0, full, full);
      }
    }

    private static void set(SwsContext scaler, String option, long value) {
      Av.check(avutil.av_opt_set_int(scaler, option, value, 0), Kind.BUG, "scaler's " + option);
    }
  }

  /** A converter that learns the size from its first frame. */
  public PixelConverter() {}

  /**
   * Converts a frame; takes ownership of the handle.
   *
   * @return a frame of format I420 with the same number and times, owned by the caller
   */
  public Frame toI420(Frame frame) {
    return toI420(frame, picture -> {});
  }

  /**
   * Converts a frame as {@link #toI420(Frame)} does, and lets somebody paint into it before it is
   * published.
   */
  public Frame toI420(Frame frame, Consumer<AVFrame> paint) {
    try (frame) {
      AVFrame from = frame.image().avFrame();
      if (pool == null) {
        pool = FramePool.allocate(PixelFormat.I420, from.width(), from.height(), SLOTS);
      }
      FrameSlot slot = take();
      try {
        convert(from, slot.avFrame());
        paint.accept(slot.avFrame());
      } catch (Throwable e) {
        slot.discard();
        throw e;
      }
      return slot.publish(frame.number(), frame.ptsUs(), frame.captureNanos());
    }
  }

  /**
   * Converts whatever FFmpeg can into a picture that has memory of its own: of video range, or for
   * the format YUVJ420P of full range and with the colours of BT.601, as JPEG has them.
   */
  public void convert(AVFrame from, AVFrame to) {
    Shape shape = Shape.of(from, to);
    if (!shape.equals(opened)) {
      swscale.sws_freeContext(context);
      context = null;
      opened = null;
      context = shape.open();
      opened = shape;
    }
    Av.check(swscale.sws_scale_frame(context, to, from), Kind.BUG, "conversion of a frame");
    boolean isJpeg = to.format() == avutil.AV_PIX_FMT_YUVJ420P;
    to.color_range(isJpeg ? avutil.AVCOL_RANGE_JPEG : avutil.AVCOL_RANGE_MPEG);
  }

  @Override
  public void close() {
    swscale.sws_freeContext(context);
    context = null;
    opened = null;
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
