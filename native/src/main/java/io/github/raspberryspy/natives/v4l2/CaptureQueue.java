package io.github.raspberryspy.natives.v4l2;

import io.github.raspberryspy.natives.libc.Descriptor;
import io.github.raspberryspy.natives.libc.Errno;
import io.github.raspberryspy.natives.libc.LibC;
import io.github.raspberryspy.natives.libc.NativeException;
import io.github.raspberryspy.natives.libc.PollSet;

/**
 * Pictures out of a device: its buffers, mapped once, go round between it and the caller.
 *
 * <p>{@link #await} belongs to one thread. {@link #requeue} and {@link #wake} may be called on any.
 * {@link #release} unmaps a buffer, also after {@link #close}: the caller says when nobody reads
 * there any more.
 */
public final class CaptureQueue implements AutoCloseable {

  /** What a wait brought. */
  public enum Outcome {
    /** A picture, described by {@link CaptureQueue#taken}. */
    PICTURE,
    /** The time is over, or somebody called {@link CaptureQueue#wake}. */
    NOTHING,
    /** Pictures will no longer have the size that was granted. */
    NEW_SIZE
  }

  private static final int DEVICE = 0;
  private static final int ALARM = 1;

  /*
   * A buffer may be given back on any thread, also while another stops the queue or has stopped it. All that
   * hands something to the device therefore happens under this lock and only while it streams: the number of a
   * closed descriptor may belong to another file by then.
   */
  private final Object stopLock = new Object();
  private final V4l2Device device;
  private final BufferType type;
  private final MappedBuffers buffers;
  private final Descriptor alarm;
  private final PollSet poll;
  private final V4l2Buffer taken;
  private final V4l2Buffer returned;
  private boolean streaming;
  private boolean closed;
  private int withDevice;
  private NativeException refusal; // of a buffer that was given back

  private CaptureQueue(V4l2Device device, V4l2Format format, MappedBuffers buffers) {
    LibC libc = device.descriptor().libc();
    this.device = device;
    this.type = format.type();
    this.buffers = buffers;
    this.alarm = Descriptor.eventCounter(libc, device.path());
    this.poll = new PollSet(libc, device.path(), 2);
    this.taken = new V4l2Buffer(type, format.planes().size());
    this.returned = new V4l2Buffer(type, format.planes().size());
    poll.watch(DEVICE, device.descriptor(), LibC.POLLIN | LibC.POLLPRI);
    poll.watch(ALARM, alarm, LibC.POLLIN);
  }

  /**
   * Asks a device for buffers and maps what it grants.
   *
   * @param device open as long as the queue; not owned
   * @param format as the device granted it
   * @param count how many buffers to ask for
   * @throws NativeException if the device refuses
   */
  public static CaptureQueue allocate(V4l2Device device, V4l2Format format, int count) {
    MappedBuffers buffers = MappedBuffers.allocate(device, format, count);
    try {
      return new CaptureQueue(device, format, buffers);
    } catch (NativeException e) {
      buffers.releaseAll();
      buffers.free();
      throw e;
    }
  }

  /** How many buffers the device granted. */
  public int count() {
    return buffers.count();
  }

  /** Address of a plane of a buffer. */
  public long address(int index, int plane) {
    return buffers.address(index, plane);
  }

  /** Size of a plane of a buffer. */
  public int length(int index, int plane) {
    return buffers.length(index, plane);
  }

  /**
   * The memory of a plane as a descriptor that other devices can be given; the queue's own, closed
   * when the buffer is released.
   *
   * @throws NativeException if the device cannot export
   */
  public Descriptor dmabuf(int index, int plane) {
    synchronized (stopLock) {
      if (closed) {
        throw new NativeException(
            Request.VIDIOC_EXPBUF.name(), device.path(), Errno.ENODEV.number());
      }
      return buffers.dmabuf(index, plane);
    }
  }

  /**
   * Gives the device all buffers and starts it.
   *
   * @throws NativeException if it refuses
   */
  public void start() {
    synchronized (stopLock) {
      for (int i = 0; i < buffers.count(); i++) {
        device.queue(returned.reset(i, MappedBuffers.MMAP));
        withDevice++;
      }
      device.stream(type, true);
      streaming = true;
    }
  }

  /**
   * Waits for a picture.
   *
   * @param timeoutMillis how long at the most
   * @throws NativeException if the device fails: ENODEV when it has gone
   */
  public Outcome await(int timeoutMillis) {
    boolean isReady = poll.await(timeoutMillis);
    synchronized (stopLock) {
      if (refusal != null) {
        throw refusal;
      }
      if (!isReady || !streaming || poll.found(ALARM) != 0) {
        alarm.drain();
        return Outcome.NOTHING;
      }
      int found = poll.found(DEVICE);
      if ((found & LibC.POLLPRI) != 0 && hasNewSize()) {
        return Outcome.NEW_SIZE;
      }
      return take((found & ~(LibC.POLLIN | LibC.POLLPRI)) != 0);
    }
  }

  /** The picture that the latest wait brought; valid until the next wait. */
  public V4l2Buffer taken() {
    return taken;
  }

  /** How many buffers the device has: with none it cannot deliver. */
  public int withDevice() {
    synchronized (stopLock) {
      return withDevice;
    }
  }

  /**
   * Gives a buffer back to the device, on any thread; nothing happens once the queue is stopped.
   * What the device says against it is thrown by the next {@link #await}.
   */
  public void requeue(int index) {
    synchronized (stopLock) {
      if (!streaming) {
        return;
      }
      try {
        device.queue(returned.reset(index, MappedBuffers.MMAP));
        withDevice++;
      } catch (NativeException e) {
        refusal = e;
        alarm.signal();
      }
    }
  }

  /** Ends a wait, now or the next one. Thread-safe. */
  public void wake() {
    synchronized (stopLock) {
      if (!closed) {
        alarm.signal();
      }
    }
  }

  /** Stops the device. Buffers stay mapped; those that come back from now on stay here. */
  public void stop() {
    synchronized (stopLock) {
      if (!streaming) {
        return;
      }
      streaming = false;
      withDevice = 0;
      try {
        device.stream(type, false);
      } catch (NativeException e) {
        // A device that has gone streams no more.
      }
    }
  }

  /** Unmaps a buffer: nobody reads there any more. Once for each buffer, on any thread. */
  public void release(int index) {
    synchronized (stopLock) {
      buffers.release(index);
    }
  }

  /** Unmaps all that is mapped: nobody reads any of it any more. */
  public void releaseAll() {
    synchronized (stopLock) {
      buffers.releaseAll();
    }
  }

  /** Stops, and lets the device forget its buffers. Those not released stay mapped. */
  @Override
  public void close() {
    stop();
    synchronized (stopLock) {
      if (!closed) {
        closed = true;
        buffers.free();
        alarm.close();
      }
    }
  }

  private Outcome take(boolean hasFailed) {
    int error = device.tryDequeue(taken.reset(0, MappedBuffers.MMAP));
    if (error == Errno.EAGAIN.number() && !hasFailed) {
      return Outcome.NOTHING;
    }
    if (error != 0) {
      throw new NativeException(
          Request.VIDIOC_DQBUF.name(),
          device.path(),
          error == Errno.EAGAIN.number() ? Errno.EIO.number() : error);
    }
    int index = taken.index();
    if (index < 0 || index >= buffers.count()) {
      throw new NativeException(Request.VIDIOC_DQBUF.name(), device.path(), Errno.EIO.number());
    }
    withDevice--;
    if (!isWithinBuffer(index)) {
      taken.setDamaged();
    }
    return Outcome.PICTURE;
  }

  /**
   * Whether each plane holds something, and no more than its buffer has: what lies behind that is
   * not mapped, and who read there would end the process.
   */
  private boolean isWithinBuffer(int index) {
    for (int plane = 0; plane < buffers.planes(index); plane++) {
      int used = taken.bytesUsed(plane);
      int offset = taken.dataOffset(plane);
      if (offset < 0 || used <= offset || used > buffers.length(index, plane)) {
        return false;
      }
    }
    return true;
  }

  private boolean hasNewSize() {
    boolean isNew = false;
    for (var event = device.nextEvent(); event.isPresent(); event = device.nextEvent()) {
      isNew |= event.get().isNewSize();
    }
    return isNew;
  }
}
