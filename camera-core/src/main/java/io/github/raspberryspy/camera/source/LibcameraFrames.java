package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.ImageFormat;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.internal.Av;
import io.github.raspberryspy.camera.internal.Natives;
import io.github.raspberryspy.natives.libcamera.LibcameraDevice;
import io.github.raspberryspy.natives.libcamera.LibcameraDevice.Plane;
import io.github.raspberryspy.natives.libcamera.LibcameraDevice.Range;
import io.github.raspberryspy.natives.libcamera.LibcameraDevice.Stream;
import io.github.raspberryspy.natives.libcamera.LibcameraException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A camera's own buffers as frames: nothing is copied, and the last close of a frame gives its
 * buffer back to the camera. Once closed, the memory stays until the last frame is; then the device
 * is closed.
 */
final class LibcameraFrames implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LibcameraFrames.class);

  private final LibcameraDevice device;
  private final ImageFormat format;
  private final int count;
  private final FramePool pool;

  LibcameraFrames(LibcameraDevice device, LibcameraRequest request, List<Stream> granted) {
    Natives.load();
    this.device = device;
    Stream main = granted.get(0);
    this.format = format(main, request.pixels());
    this.count = main.buffers();
    List<AVFrame> frames = frames(0, format);
    Lender lender = new Lender(device, dmabufs());
    this.pool =
        granted.size() == 1
            ? FramePool.over(frames, lender)
            : FramePool.over(frames, frames(1, format(granted.get(1), PixelFormat.I420)), lender);
  }

  /** What the frames look like. */
  ImageFormat imageFormat() {
    return format;
  }

  /** Whether the camera has no buffer to fill. */
  boolean areAllHeld() {
    return pool.outstanding() == count;
  }

  /** The picture that was completed in a buffer, as a frame; the caller owns the handle. */
  Frame publish(int buffer, long number, long ptsUs, long captureNanos) {
    FrameSlot slot = pool.take(buffer);
    if (slot == null) {
      throw new IllegalStateException("the camera is closed");
    }
    return slot.publish(number, ptsUs, captureNanos);
  }

  /** Waits for open handles as {@link FramePool#close} does. */
  @Override
  public void close() {
    pool.close();
  }

  private static ImageFormat format(Stream stream, PixelFormat pixels) {
    return new ImageFormat(stream.width(), stream.height(), pixels, stream.range() == Range.FULL);
  }

  /**
   * Of each picture the one piece of memory that it lies in from the first byte on, as a hardware
   * encoder takes it; of none where that is not so.
   */
  private int[][] dmabufs() {
    int[][] dmabufs = new int[count][];
    for (int i = 0; i < count; i++) {
      List<Plane> planes = device.planes(0, i);
      int first = planes.get(0).dmabuf();
      boolean isOnePiece =
          planes.get(0).offset() == 0 && planes.stream().allMatch(p -> p.dmabuf() == first);
      dmabufs[i] = isOnePiece ? new int[] {first} : new int[0];
    }
    return dmabufs;
  }

  private List<AVFrame> frames(int stream, ImageFormat image) {
    List<AVFrame> frames = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      frames.add(frame(device.planes(stream, i), image));
    }
    return frames;
  }

  private AVFrame frame(List<Plane> planes, ImageFormat image) {
    PixelFormat pixels = image.pixels();
    if (planes.size() != pixels.planes()) {
      throw new CameraException(
          Kind.FORMAT_UNSUPPORTED,
          "camera "
              + device.id()
              + " has "
              + planes.size()
              + " planes in a picture of "
              + pixels
              + ", not "
              + pixels.planes());
    }
    AVFrame frame = Av.checkAllocated(avutil.av_frame_alloc(), "a frame");
    frame.format(pixels.avFormat()).width(image.width()).height(image.height());
    frame.color_range(image.isFullRange() ? avutil.AVCOL_RANGE_JPEG : avutil.AVCOL_RANGE_MPEG);
    // A buffer that stands for the camera's: FFmpeg counts references to it, and frees only it.
    frame.buf(0, Av.checkAllocated(avutil.av_buffer_allocz(1), "a frame"));
    for (int i = 0; i < planes.size(); i++) {
      Plane plane = planes.get(i);
      long needed =
          (long) plane.stride() * (pixels.rows(i, image.height()) - 1)
              + pixels.rowBytes(i, image.width());
      if (plane.length() < needed || plane.stride() < pixels.rowBytes(i, image.width())) {
        throw new CameraException(
            Kind.FORMAT_UNSUPPORTED,
            "camera " + device.id() + " has buffers that are too small for " + image);
      }
      frame.data(i, new V4l2Frames.Address(plane.address()));
      frame.linesize(i, plane.stride());
    }
    return frame;
  }

  /** Passes buffers back; closes the device with the last of them. */
  private static final class Lender implements FramePool.Lender {

    private final LibcameraDevice device;
    private final int[][] dmabufs; // by slot
    private final AtomicInteger open;

    Lender(LibcameraDevice device, int[][] dmabufs) {
      this.device = device;
      this.dmabufs = dmabufs;
      this.open = new AtomicInteger(dmabufs.length);
    }

    @Override
    public int[] dmabufs(int slot) {
      return dmabufs[slot].clone();
    }

    /** On any thread. A camera that is gone says so to whoever waits for its pictures. */
    @Override
    public void requeue(int slot) {
      try {
        device.requeue(slot);
      } catch (LibcameraException e) {
        log.debug("buffer {} of camera {} was not taken back", slot, device.id(), e);
      }
    }

    @Override
    public void release(int slot) {
      if (open.decrementAndGet() == 0) {
        try {
          device.close();
        } catch (LibcameraException e) {
          log.warn("camera {} was not closed properly: {}", device.id(), e.getMessage());
        }
      }
    }
  }
}
