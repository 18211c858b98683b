package io.github.raspberryspy.natives.v4l2;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.github.raspberryspy.natives.libc.Errno;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One end of a mem-to-mem device, as strict as the kernel's: what it says no to, it says no to
 * here. Guarded by its device. Source: {@code drivers/media/common/videobuf2/videobuf2-core.c}.
 */
final class FakeQueue {

  static final int FLAG_ERROR = 0x40;
  static final int FLAG_LAST = 0x100000;
  private static final int MMAP = 1;
  private static final int PAGE = 4096;

  /** A picture, or its code, in a buffer. */
  record Held(int index, long micros, int used, int flags, int firstByte) {}

  private final V4l2Layout layout = V4l2Layout.HERE;
  private final int offset; // of its buffers, for mmap
  private final List<Memory> memory = new ArrayList<>();
  final ArrayDeque<Held> queued = new ArrayDeque<>();
  final ArrayDeque<Held> done = new ArrayDeque<>();
  private int count;
  private int kind;
  private boolean streaming;
  private boolean ended;
  int width;
  int height;
  int pixels;
  int stride;
  int bytes;

  FakeQueue(int offset) {
    this.offset = offset;
  }

  int count() {
    return count;
  }

  boolean isStreaming() {
    return streaming;
  }

  Memory memory(int index) {
    return memory.get(index);
  }

  Memory memoryAt(long at) {
    return memory.get((int) (at - offset) / PAGE);
  }

  void forget() {
    memory.clear();
    queued.clear();
    done.clear();
    count = 0;
    streaming = false;
    ended = false;
  }

  /** {@code VIDIOC_G_FMT}. */
  void tellFormat(Pointer a) {
    long at = layout.formatUnion();
    a.setInt(at + V4l2Layout.PixMplane.WIDTH, width);
    a.setInt(at + V4l2Layout.PixMplane.HEIGHT, height);
    a.setInt(at + V4l2Layout.PixMplane.PIXEL_FORMAT, pixels);
    a.setByte(at + V4l2Layout.PixMplane.NUM_PLANES, (byte) 1);
    a.setInt(at + V4l2Layout.PixMplane.PLANE_FORMATS, bytes);
    a.setInt(
        at + V4l2Layout.PixMplane.PLANE_FORMATS + V4l2Layout.PixMplane.PLANE_BYTES_PER_LINE,
        stride);
  }

  /** {@code VIDIOC_REQBUFS}. */
  Optional<Errno> request(Pointer a, int least) {
    int asked = a.getInt(V4l2Layout.RequestBuffers.COUNT);
    if (streaming) {
      return Optional.of(Errno.EBUSY);
    }
    forget();
    if (asked > 0) {
      count = Math.max(least, asked);
      kind = a.getInt(V4l2Layout.RequestBuffers.MEMORY);
      for (int i = 0; kind == MMAP && i < count; i++) {
        Memory one = new Memory(Math.max(1, bytes));
        one.clear();
        memory.add(one);
      }
    }
    a.setInt(V4l2Layout.RequestBuffers.COUNT, count);
    return Optional.empty();
  }

  /** {@code VIDIOC_QUERYBUF}. */
  void query(Pointer a) {
    Pointer plane = a.getPointer(layout.bufferUnion());
    plane.setInt(V4l2Layout.Plane.MEMORY, offset + a.getInt(V4l2Layout.Buffer.INDEX) * PAGE);
    plane.setInt(V4l2Layout.Plane.LENGTH, bytes);
  }

  /** {@code VIDIOC_QBUF}. */
  Optional<Errno> queue(Pointer a, Errno importRefusal) {
    int index = a.getInt(V4l2Layout.Buffer.INDEX);
    boolean isTaken =
        index >= count
            || Stream.concat(queued.stream(), done.stream()).anyMatch(h -> h.index() == index);
    if (isTaken || a.getInt(layout.bufferMemory()) != kind) {
      return Optional.of(Errno.EINVAL);
    }
    Pointer plane = a.getPointer(layout.bufferUnion());
    if (kind != MMAP && importRefusal != null) {
      return Optional.of(importRefusal);
    }
    if (kind != MMAP && plane.getInt(V4l2Layout.Plane.LENGTH) < bytes) {
      return Optional.of(Errno.EINVAL);
    }
    int firstByte =
        kind == MMAP ? memory.get(index).getByte(0) : plane.getInt(V4l2Layout.Plane.MEMORY);
    queued.add(new Held(index, micros(a), plane.getInt(V4l2Layout.Plane.BYTES_USED), 0, firstByte));
    return Optional.empty();
  }

  /** {@code VIDIOC_DQBUF}. */
  Optional<Errno> dequeue(Pointer a) {
    Held next = done.poll();
    if (next == null) {
      return Optional.of(ended ? Errno.EPIPE : Errno.EAGAIN);
    }
    ended |= (next.flags() & FLAG_LAST) != 0;
    a.setInt(V4l2Layout.Buffer.INDEX, next.index());
    a.setInt(V4l2Layout.Buffer.FLAGS, next.flags());
    setMicros(a, next.micros());
    a.getPointer(layout.bufferUnion()).setInt(V4l2Layout.Plane.BYTES_USED, next.used());
    return Optional.empty();
  }

  /** {@code VIDIOC_STREAMON} and {@code VIDIOC_STREAMOFF}. */
  Optional<Errno> stream(boolean on) {
    if (on && count == 0) {
      return Optional.of(Errno.EINVAL);
    }
    if (!on) {
      queued.clear();
      done.clear();
    }
    streaming = on;
    ended = false;
    return Optional.empty();
  }

  private long micros(Pointer a) {
    return layout.word() == Long.BYTES
        ? a.getLong(layout.bufferSeconds()) * 1_000_000 + a.getLong(layout.bufferMicroseconds())
        : a.getInt(layout.bufferSeconds()) * 1_000_000L + a.getInt(layout.bufferMicroseconds());
  }

  private void setMicros(Pointer a, long micros) {
    if (layout.word() == Long.BYTES) {
      a.setLong(layout.bufferSeconds(), micros / 1_000_000);
      a.setLong(layout.bufferMicroseconds(), micros % 1_000_000);
    } else {
      a.setInt(layout.bufferSeconds(), (int) (micros / 1_000_000));
      a.setInt(layout.bufferMicroseconds(), (int) (micros % 1_000_000));
    }
  }
}
