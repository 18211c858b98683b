package io.github.raspberryspy.natives.v4l2;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.github.raspberryspy.natives.v4l2.V4l2Layout.Buffer;
import io.github.raspberryspy.natives.v4l2.V4l2Layout.Plane;

/**
 * What a device says about one of its buffers: a {@code struct v4l2_buffer}, and behind it the
 * array of {@code struct v4l2_plane} where each plane has a buffer of its own.
 *
 * <p>Owned and filled again by the queue that hands it out. For one thread.
 */
public final class V4l2Buffer {

  private static final int FLAG_ERROR = 0x40;
  private static final int TIMESTAMP_MASK = 0xe000;
  private static final int TIMESTAMP_MONOTONIC = 0x2000;
  private static final int FLAG_LAST = 0x100000;

  private final V4l2Layout layout = V4l2Layout.HERE;
  private final BufferType type;
  private final int planes;
  private final Memory memory;
  private final Memory planeArray;

  V4l2Buffer(BufferType type, int planes) {
    this.type = type;
    this.planes = planes;
    this.memory = V4l2Device.cleared(layout.bufferSize());
    this.planeArray = V4l2Device.cleared(planes * layout.planeSize());
  }

  /** Which of the queue's buffers. */
  public int index() {
    return memory.getInt(Buffer.INDEX);
  }

  /** Bytes that count in a plane, from the buffer's start, {@link #dataOffset} included. */
  public int bytesUsed(int plane) {
    return type.isMultiPlanar()
        ? planeArray.getInt(plane(plane) + Plane.BYTES_USED)
        : memory.getInt(Buffer.BYTES_USED);
  }

  /** Bytes in front of a plane's picture. */
  public int dataOffset(int plane) {
    return type.isMultiPlanar() ? planeArray.getInt(plane(plane) + layout.planeDataOffset()) : 0;
  }

  /** Number of the frame since streaming began; a hole means that the device lost some. */
  public int sequence() {
    return memory.getInt(layout.bufferSequence());
  }

  /** When it was captured; on the monotonic clock if {@link #hasMonotonicTime}. */
  public long timestampNanos() {
    return number(layout.bufferSeconds()) * 1_000_000_000L
        + number(layout.bufferMicroseconds()) * 1000L;
  }

  /** Whether the time is that of the system's monotonic clock. */
  public boolean hasMonotonicTime() {
    return (flags() & TIMESTAMP_MASK) == TIMESTAMP_MONOTONIC;
  }

  /**
   * Whether the content is damaged: the device says so, or says of a plane what its buffer cannot
   * hold. A buffer that is not damaged has {@code 0 <= dataOffset < bytesUsed <= its length}.
   */
  public boolean isDamaged() {
    return (flags() & FLAG_ERROR) != 0;
  }

  /** Whether a codec says that nothing follows. */
  public boolean isLast() {
    return (flags() & FLAG_LAST) != 0;
  }

  void setDamaged() {
    memory.setInt(Buffer.FLAGS, flags() | FLAG_ERROR);
  }

  Pointer memory() {
    return memory;
  }

  /** Empties it, for a buffer of this number. */
  V4l2Buffer reset(int index, int memoryKind) {
    memory.clear();
    planeArray.clear();
    memory.setInt(Buffer.INDEX, index);
    memory.setInt(Buffer.TYPE, type.number());
    memory.setInt(layout.bufferMemory(), memoryKind);
    if (type.isMultiPlanar()) {
      memory.setPointer(layout.bufferUnion(), planeArray);
      memory.setInt(layout.bufferLength(), planes);
    }
    return this;
  }

  /** Says how much of a plane counts, for a buffer that goes into a device. */
  void setBytes(int plane, int used, int length) {
    if (type.isMultiPlanar()) {
      planeArray.setInt(plane(plane) + Plane.BYTES_USED, used);
      planeArray.setInt(plane(plane) + Plane.LENGTH, length);
    } else {
      memory.setInt(Buffer.BYTES_USED, used);
      memory.setInt(layout.bufferLength(), length);
    }
  }

  /** Names the memory of a plane, for one that another device owns. */
  void setDmabuf(int plane, int fd) {
    if (type.isMultiPlanar()) {
      planeArray.setInt(plane(plane) + Plane.MEMORY, fd);
    } else {
      memory.setInt(layout.bufferUnion(), fd);
    }
  }

  /** The time that goes with a picture through a codec and comes out with its packet. */
  void setTimestampUs(long us) {
    setNumber(layout.bufferSeconds(), us / 1_000_000);
    setNumber(layout.bufferMicroseconds(), us % 1_000_000);
  }

  /** Where to map a plane. */
  long mapOffset(int plane) {
    int offset =
        type.isMultiPlanar()
            ? planeArray.getInt(plane(plane) + Plane.MEMORY)
            : memory.getInt(layout.bufferUnion());
    return Integer.toUnsignedLong(offset);
  }

  /** Size of a plane's buffer. */
  int length(int plane) {
    return type.isMultiPlanar()
        ? planeArray.getInt(plane(plane) + Plane.LENGTH)
        : memory.getInt(layout.bufferLength());
  }

  private int flags() {
    return memory.getInt(Buffer.FLAGS);
  }

  private long plane(int plane) {
    return (long) plane * layout.planeSize();
  }

  private long number(int at) {
    return layout.word() == Long.BYTES ? memory.getLong(at) : memory.getInt(at);
  }

  private void setNumber(int at, long value) {
    if (layout.word() == Long.BYTES) {
      memory.setLong(at, value);
    } else {
      memory.setInt(at, (int) value);
    }
  }
}
