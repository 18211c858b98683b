package io.github.raspberryspy.natives.libc;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.function.LongSupplier;

/**
 * An open file descriptor, and the name under which messages know it.
 *
 * <p>The one place where a call that a signal interrupted is made again, and where a failed call
 * becomes a {@link NativeException}. Thread-safe, but for {@link #close}: the owner sees to it that
 * nobody uses the descriptor then, for its number is given to the next file that is opened.
 */
public final class Descriptor implements AutoCloseable {

  private final LibC libc;
  private final String subject;
  private final int number;
  private boolean closed;

  private Descriptor(LibC libc, String subject, int number) {
    this.libc = libc;
    this.subject = subject;
    this.number = number;
  }

  /**
   * Opens a device or file.
   *
   * @throws NativeException if that fails
   */
  public static Descriptor open(LibC libc, String path, int flags) {
    return adopt(libc, path, (int) checked(libc, "open", path, () -> libc.open(path, flags)));
  }

  /**
   * A counter that starts at 0 and can be polled: {@link #signal} makes it readable, {@link #drain}
   * silent again.
   *
   * @throws NativeException if there is none to be had
   */
  public static Descriptor eventCounter(LibC libc, String subject) {
    int flags = LibC.EFD_NONBLOCK | LibC.EFD_CLOEXEC;
    return adopt(
        libc, subject, (int) checked(libc, "eventfd", subject, () -> libc.eventfd(0, flags)));
  }

  /** Takes ownership of an open descriptor. */
  public static Descriptor adopt(LibC libc, String subject, int number) {
    return new Descriptor(libc, subject, number);
  }

  /** The descriptor's number. */
  public int number() {
    return number;
  }

  /** What it is called in messages. */
  public String subject() {
    return subject;
  }

  /** The functions behind it. */
  public LibC libc() {
    return libc;
  }

  /**
   * Asks the device for something.
   *
   * @param call the request's name, for messages
   * @throws NativeException if the device refuses
   */
  public void ioctl(String call, long request, Pointer argument) {
    int error = tryIoctl(request, argument);
    if (error != 0) {
      throw new NativeException(call, subject, error);
    }
  }

  /** Asks the device for something it may refuse. Returns 0, or the error number. */
  public int tryIoctl(long request, Pointer argument) {
    return untilDone(libc, () -> libc.ioctl(number, request, argument)) < 0 ? libc.lastError() : 0;
  }

  /**
   * Maps memory of the device, for all to see.
   *
   * @return the address; to be given to {@link #unmap} once, also after this was closed
   * @throws NativeException if that fails
   */
  public long map(long bytes, int protection, long offset) {
    return checked(
        libc, "mmap", subject, () -> libc.mmap(bytes, protection, LibC.MAP_SHARED, number, offset));
  }

  /**
   * Gives a mapping back. Nothing may read there afterwards.
   *
   * @throws NativeException if there is none
   */
  public void unmap(long address, long bytes) {
    checked(libc, "munmap", subject, () -> libc.munmap(address, bytes));
  }

  /**
   * Another descriptor for the same thing, owned by the caller.
   *
   * @throws NativeException if there is none to be had
   */
  public Descriptor duplicate() {
    return adopt(
        libc,
        subject,
        (int) checked(libc, "fcntl", subject, () -> libc.fcntl(number, LibC.F_DUPFD_CLOEXEC, 0)));
  }

  /**
   * Makes an event counter readable.
   *
   * @throws NativeException if that fails
   */
  public void signal() {
    try (Memory one = new Memory(Long.BYTES)) {
      one.setLong(0, 1);
      checked(libc, "write", subject, () -> libc.write(number, one, Long.BYTES));
    }
  }

  /** Makes an event counter silent. */
  public void drain() {
    try (Memory count = new Memory(Long.BYTES)) {
      untilDone(libc, () -> libc.read(number, count, Long.BYTES));
    }
  }

  /** Gives the descriptor back; what goes wrong with that cannot be helped. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      libc.close(number);
    }
  }

  @Override
  public String toString() {
    return subject;
  }

  /** Makes a call again as long as only a signal stood in its way. */
  static long untilDone(LibC libc, LongSupplier call) {
    long result = call.getAsLong();
    while (result == -1 && libc.lastError() == Errno.EINTR.number()) {
      result = call.getAsLong();
    }
    return result;
  }

  private static long checked(LibC libc, String call, String subject, LongSupplier function) {
    long result = untilDone(libc, function);
    if (result == -1) {
      throw new NativeException(call, subject, libc.lastError());
    }
    return result;
  }
}
