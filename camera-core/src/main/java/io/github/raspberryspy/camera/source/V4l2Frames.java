package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.internal.Av;
import io.github.raspberryspy.natives.libc.NativeException;
import io.github.raspberryspy.natives.v4l2.CaptureQueue;
import io.github.raspberryspy.natives.v4l2.V4l2Buffer;
import io.github.raspberryspy.natives.v4l2.V4l2Format;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/**
 * A camera's own buffers as frames: nothing is copied, and the last close of a frame gives its
 * buffer back to the driver.
 *
 * <pre>
 *   one buffer a picture                    a buffer for each plane
 *   +--------- stride ---------+            +--------- stride ---------+
 *   | Y   (height rows)        |            | offset | Y               |
 *   +--------------------------+            +--------------------------+
 *   | U, V or UV, without a gap|            | offset | UV              |
 *   +--------------------------+            +--------------------------+
 * </pre>
 *
 * Chroma planes of YU12 have half the stride. Source: the kernel's documentation, "Planar YUV
 * formats".
 */
final class V4l2Frames implements AutoCloseable {

  private final V4l2Format format;
  private final PixelFormat pixels;
  private final CaptureQueue queue;
  private final FramePool pool;
  private final int[] strides;
  private final long[] offsets; // of a plane in its buffer
  private volatile boolean hasHead; // pictures begin behind something; set by the capture thread
  private final int[] sources; // number of the buffer that a plane lies in

  /** An address in memory that is not ours. */
  static final class Address extends BytePointer {
    Address(long where) {
      this.address = where;
    }
  }

  V4l2Frames(CaptureQueue queue, V4l2Format format, PixelFormat pixels, String name) {
    this.format = format;
    this.pixels = pixels;
    this.queue = queue;
    int planes = pixels.planes();
    this.strides = new int[planes];
    this.offsets = new long[planes];
    this.sources = new int[planes];
    requirePlanes(name);
    layOut();
    requireRoom(name);
    this.pool = FramePool.over(frames(), lender());
  }

  /** Bytes of a plane of the device that a whole picture fills. */
  long neededBytes(int devicePlane) {
    long needed = 0;
    for (int i = 0; i < pixels.planes(); i++) {
      if (sources[i] == devicePlane) {
        needed =
            offsets[i]
                + (long) strides[i] * (pixels.rows(i, format.height()) - 1)
                + pixels.rowBytes(i, format.width());
      }
    }
    return needed;
  }

  /** Whether the driver filled in a whole picture; of a buffer that is not damaged. */
  boolean isWhole(V4l2Buffer taken) {
    for (int i = 0; i < format.planes().size(); i++) {
      if (taken.bytesUsed(i) - taken.dataOffset(i) < neededBytes(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The picture that the queue has just taken, as a frame; the caller owns the handle.
   *
   * @return {@code null} once closed
   */
  Frame publish(V4l2Buffer taken, long number, V4l2Clock clock) {
    FrameSlot slot = pool.take(taken.index());
    if (slot == null) {
      return null;
    }
    if (format.type().isMultiPlanar()) {
      hasHead |= taken.dataOffset(0) != 0;
      point(slot.avFrame(), taken.index(), taken);
    }
    return slot.publish(number, clock.ptsUs(), clock.captureNanos());
  }

  /** Waits for open handles as {@link FramePool#close} does; unmaps what nobody reads. */
  @Override
  public void close() {
    pool.close();
  }

  private void layOut() {
    boolean isSplit = format.planes().size() > 1;
    long at = 0;
    for (int i = 0; i < strides.length; i++) {
      sources[i] = isSplit ? i : 0;
      strides[i] = stride(format.planes().get(sources[i]).bytesPerLine(), isSplit, i);
      offsets[i] = isSplit ? 0 : at;
      at += (long) strides[i] * pixels.rows(i, format.height());
    }
  }

  private int stride(int bytesPerLine, boolean isSplit, int plane) {
    int line =
        bytesPerLine == 0 ? pixels.rowBytes(isSplit ? plane : 0, format.width()) : bytesPerLine;
    return pixels == PixelFormat.I420 && plane > 0 && !isSplit ? line / 2 : line;
  }

  private void requirePlanes(String name) {
    int granted = format.planes().size();
    if (granted > 1 && granted < pixels.planes()) {
      throw new CameraException(
          Kind.FORMAT_UNSUPPORTED,
          name + " granted " + format + " with " + granted + " planes, not " + pixels.planes());
    }
  }

  private void requireRoom(String name) {
    for (int i = 0; i < strides.length; i++) {
      if (strides[i] < pixels.rowBytes(i, format.width())
          || neededBytes(sources[i]) > queue.length(0, sources[i])) {
        throw new CameraException(
            Kind.FORMAT_UNSUPPORTED,
            name + " granted " + format + " with buffers that are too small for it");
      }
    }
  }

  private List<AVFrame> frames() {
    List<AVFrame> frames = new ArrayList<>();
    for (int i = 0; i < queue.count(); i++) {
      AVFrame frame = Av.checkAllocated(avutil.av_frame_alloc(), "a frame");
      frame.format(pixels.avFormat()).width(format.width()).height(format.height());
      frame.color_range(format.isFullRange() ? avutil.AVCOL_RANGE_JPEG : avutil.AVCOL_RANGE_MPEG);
      // A buffer that stands for the driver's: FFmpeg counts references to it, and frees only it.
      frame.buf(0, Av.checkAllocated(avutil.av_buffer_allocz(1), "a frame"));
      for (int plane = 0; plane < strides.length; plane++) {
        frame.linesize(plane, strides[plane]);
      }
      point(frame, i, null);
      frames.add(frame);
    }
    return frames;
  }

  /** Points a frame at its planes, where the driver has put them this time. */
  private void point(AVFrame frame, int index, V4l2Buffer taken) {
    for (int i = 0; i < strides.length; i++) {
      long offset = offsets[i] + (taken == null ? 0 : taken.dataOffset(sources[i]));
      frame.data(i, new Address(queue.address(index, sources[i]) + offset));
    }
  }

  private FramePool.Lender lender() {
    return new FramePool.Lender() {
      @Override
      public void requeue(int slot) {
        queue.requeue(slot);
      }

      @Override
      public int[] dmabufs(int slot) {
        return descriptors(slot);
      }

      @Override
      public void release(int slot) {
        queue.release(slot);
      }
    };
  }

  private int[] descriptors(int slot) {
    int[] numbers = new int[hasHead ? 0 : format.planes().size()];
    try {
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = queue.dmabuf(slot, i).number();
      }
      return numbers;
    } catch (NativeException e) {
      return new int[0]; // a driver that cannot export, or one that has stopped
    }
  }
}
