package io.github.raspberryspy.camera.overlay;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.Image;
import io.github.raspberryspy.camera.ImageFormat;
import java.time.Duration;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/**
 * Copies frames into memory of its own, where they can be painted on: what a source has published
 * is read-only, and others look at it. For one thread.
 */
public final class FrameBurner implements AutoCloseable {

  private static final int SLOTS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private FramePool pool;
  private ImageFormat pooled; // what the pool is for

  /** A burner that learns size and format from its first frame. */
  public FrameBurner() {}

  /**
   * Makes a painted copy; takes ownership of the handle.
   *
   * @param paint paints into the copy
   * @return a frame of the same format, number and times, owned by the caller
   * @throws CameraException of kind ENCODER_FAILED, if nobody gives the copies back
   */
  public Frame burn(Frame frame, Consumer<AVFrame> paint) {
    try (frame) {
      FrameSlot slot = slot(frame.image().imageFormat());
      AVFrame copy = slot.avFrame();
      try {
        copy(frame.image(), copy);
        paint.accept(copy);
      } catch (RuntimeException e) {
        slot.discard();
        throw e;
      }
      return slot.publish(frame.number(), frame.ptsUs(), frame.captureNanos());
    }
  }

  @Override
  public void close() {
    if (pool != null) {
      pool.close();
    }
  }

  private static void copy(Image image, AVFrame to) {
    AVFrame from = image.avFrame();
    for (int plane = 0; plane < image.format().planes(); plane++) {
      try (BytePointer source = from.data(plane);
          BytePointer target = to.data(plane)) {
        avutil.av_image_copy_plane(
            target,
            to.linesize(plane),
            source,
            from.linesize(plane),
            image.format().rowBytes(plane, image.width()),
            image.format().rows(plane, image.height()));
      }
    }
    to.colorspace(from.colorspace());
    to.color_primaries(from.color_primaries());
    to.color_trc(from.color_trc());
    to.color_range(image.isFullRange() ? avutil.AVCOL_RANGE_JPEG : avutil.AVCOL_RANGE_MPEG);
  }

  private FrameSlot slot(ImageFormat format) {
    if (!format.equals(pooled)) {
      close();
      pool = FramePool.allocate(format.pixels(), format.width(), format.height(), SLOTS);
      pooled = format;
    }
    FrameSlot slot = pool.poll();
    try {
      slot = slot == null ? pool.take(PATIENCE) : slot;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (slot == null) {
      throw new CameraException(Kind.ENCODER_FAILED, "the encoder holds all " + SLOTS + " copies");
    }
    return slot;
  }
}
