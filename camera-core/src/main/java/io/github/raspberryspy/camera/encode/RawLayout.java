package io.github.raspberryspy.camera.encode;

import io.github.raspberryspy.camera.Image;
import io.github.raspberryspy.camera.ImageFormat;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.natives.libc.Errno;
import io.github.raspberryspy.natives.libc.NativeException;
import io.github.raspberryspy.natives.v4l2.V4l2Format;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * How an encoder wants a picture to lie in one buffer: its own stride, and its own number of rows,
 * which may be more than the picture has.
 *
 * @param pixels I420 or NV12
 * @param width of the picture
 * @param height of the picture
 * @param stride of luma rows, bytes
 * @param rows of luma that the buffer has room for
 */
record RawLayout(PixelFormat pixels, int width, int height, int stride, int rows) {

  /** An address in memory that is not ours. */
  private static final class Address extends BytePointer {
    Address(long where) {
      this.address = where;
    }
  }

  /**
   * As a device granted it.
   *
   * @throws NativeException if a picture has no room in it
   */
  static RawLayout of(V4l2Format raw, ImageFormat image) {
    int stride = raw.planes().get(0).bytesPerLine();
    RawLayout layout =
        new RawLayout(image.pixels(), image.width(), image.height(), stride, raw.height());
    if (raw.planes().size() != 1 || !layout.fitsInto(raw.planes().get(0).sizeBytes())) {
      throw new NativeException("VIDIOC_S_FMT", raw.toString(), Errno.EINVAL.number());
    }
    return layout;
  }

  /** Whether nothing of a picture lies outside a buffer of this size, or over its neighbour. */
  private boolean fitsInto(int bytes) {
    long end = 0;
    for (int i = 0; i < pixels.planes(); i++) {
      int count = pixels.rows(i, height);
      int row = pixels.rowBytes(i, width);
      if (stride(i) < row || count > pixels.rows(i, rows)) {
        return false;
      }
      end = offset(i) + (long) stride(i) * (count - 1) + row;
    }
    return end <= bytes;
  }

  /** Where a plane begins. */
  long offset(int plane) {
    return switch (plane) {
      case 0 -> 0;
      case 1 -> (long) stride * rows;
      default -> (long) stride * rows + (long) stride(1) * pixels.rows(1, rows);
    };
  }

  /** From one row of a plane to the next. */
  int stride(int plane) {
    return plane > 0 && pixels == PixelFormat.I420 ? stride / 2 : stride;
  }

  /** Whether a picture lies just so in memory that another device can be given. */
  boolean isThatOf(Image image) {
    if (image.dmabufs().length != 1) {
      return false;
    }
    for (int i = 0; i < pixels.planes(); i++) {
      if (image.stride(i) != stride(i) || image.address(i) - image.address(0) != offset(i)) {
        return false;
      }
    }
    return true;
  }

  /** Copies a picture to where it is wanted. */
  void copy(Image image, long to) {
    for (int plane = 0; plane < pixels.planes(); plane++) {
      int count = pixels.rows(plane, height);
      int bytes = pixels.rowBytes(plane, width);
      long from = image.address(plane);
      long at = to + offset(plane);
      if (image.stride(plane) == stride(plane)) {
        bytes += stride(plane) * (count - 1);
        count = 1;
      }
      for (int row = 0; row < count; row++) {
        Pointer.memcpy(
            new Address(at + (long) row * stride(plane)),
            new Address(from + (long) row * image.stride(plane)),
            bytes);
      }
    }
  }
}
