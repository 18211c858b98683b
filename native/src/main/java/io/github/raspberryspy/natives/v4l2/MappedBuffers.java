package io.github.raspberryspy.natives.v4l2;

import com.sun.jna.Pointer;
import io.github.raspberryspy.natives.libc.Descriptor;
import io.github.raspberryspy.natives.libc.Errno;
import io.github.raspberryspy.natives.libc.LibC;
import io.github.raspberryspy.natives.libc.NativeException;
import java.util.ArrayList;
import java.util.List;

/**
 * The buffers of one queue of a device, in the device's own memory, each mapped once.
 *
 * <p>A buffer is unmapped by {@link #release} and not before: neither the end of streaming nor that
 * of the device takes memory away under a reader. Not thread-safe.
 */
final class MappedBuffers {

  static final int MMAP = 1;

  private final V4l2Device device;
  private final BufferType type;
  private final List<List<Plane>> buffers = new ArrayList<>();

  /** One plane's memory. */
  private static final class Plane {
    private final long address;
    private final int length;
    private Descriptor dmabuf; // once asked for

    Plane(long address, int length) {
      this.address = address;
      this.length = length;
    }
  }

  private MappedBuffers(V4l2Device device, BufferType type) {
    this.device = device;
    this.type = type;
  }

  /**
   * Asks the device for buffers and maps what it grants, which may be more or fewer.
   *
   * @throws NativeException if the device refuses, or grants none
   */
  static MappedBuffers allocate(V4l2Device device, V4l2Format format, int count) {
    MappedBuffers buffers = new MappedBuffers(device, format.type());
    int granted = device.requestBuffers(format.type(), count, MMAP);
    if (granted == 0) {
      throw new NativeException(
          Request.VIDIOC_REQBUFS.name(), device.path(), Errno.ENOMEM.number());
    }
    try {
      for (int i = 0; i < granted; i++) {
        buffers.map(i, format.planes().size());
      }
    } catch (NativeException e) {
      buffers.releaseAll();
      buffers.free();
      throw e;
    }
    return buffers;
  }

  int count() {
    return buffers.size();
  }

  int planes() {
    return buffers.get(0).size();
  }

  /** Planes of a buffer: none once it is released. */
  int planes(int index) {
    return buffers.get(index).size();
  }

  long address(int index, int plane) {
    return buffers.get(index).get(plane).address;
  }

  int length(int index, int plane) {
    return buffers.get(index).get(plane).length;
  }

  Pointer pointer(int index, int plane) {
    return new Pointer(address(index, plane));
  }

  /** The dmabuf of a plane, made when first asked for, and closed with the buffer's release. */
  Descriptor dmabuf(int index, int plane) {
    Plane mapped = buffers.get(index).get(plane);
    if (mapped.dmabuf == null) {
      mapped.dmabuf = device.export(type, index, plane);
    }
    return mapped.dmabuf;
  }

  /** Unmaps a buffer: nobody reads there any more. */
  void release(int index) {
    List<Plane> planes = buffers.get(index);
    for (Plane plane : planes) {
      if (plane.dmabuf != null) {
        plane.dmabuf.close();
      }
      device.descriptor().unmap(plane.address, plane.length);
    }
    buffers.set(index, List.of());
  }

  void releaseAll() {
    for (int i = 0; i < buffers.size(); i++) {
      release(i);
    }
  }

  /**
   * Lets the device forget its buffers, so that another may ask for some. What is mapped stays:
   * kernels before 5.0 refuse then, and forget when the last mapping goes.
   */
  void free() {
    try {
      device.requestBuffers(type, 0, MMAP);
    } catch (NativeException e) {
      // Gone, or an old kernel: closing the device does what remains.
    }
  }

  private void map(int index, int planes) {
    V4l2Buffer buffer = new V4l2Buffer(type, planes).reset(index, MMAP);
    device.query(buffer);
    List<Plane> mapped = new ArrayList<>();
    buffers.add(mapped);
    for (int i = 0; i < planes; i++) {
      int length = buffer.length(i);
      long address =
          device.descriptor().map(length, LibC.PROT_READ | LibC.PROT_WRITE, buffer.mapOffset(i));
      mapped.add(new Plane(address, length));
    }
  }
}
