package io.github.raspberryspy.natives.libc;

import java.util.Arrays;
import java.util.Optional;

/**
 * Names of the error numbers that calls here commonly meet. Source: Linux {@code
 * include/uapi/asm-generic/errno-base.h} and {@code errno.h}; the numbers are those of x86 and ARM.
 */
public enum Errno {
  /** Operation not permitted. */
  EPERM(1),
  /** No such file or directory. */
  ENOENT(2),
  /** A signal interrupted the call. */
  EINTR(4),
  /** Input or output error. */
  EIO(5),
  /** No such device or address. */
  ENXIO(6),
  /** Bad file descriptor. */
  EBADF(9),
  /** Nothing there now; try again. */
  EAGAIN(11),
  /** Out of memory. */
  ENOMEM(12),
  /** Permission denied. */
  EACCES(13),
  /** Bad address. */
  EFAULT(14),
  /** Device or resource busy. */
  EBUSY(16),
  /** File exists. */
  EEXIST(17),
  /** No such device. */
  ENODEV(19),
  /** Not a directory. */
  ENOTDIR(20),
  /** Invalid argument. */
  EINVAL(22),
  /** Too many open files in the system. */
  ENFILE(23),
  /** Too many open files in this process. */
  EMFILE(24),
  /** Not a device for this request. */
  ENOTTY(25),
  /** No space left on the device. */
  ENOSPC(28),
  /** Read-only file system. */
  EROFS(30),
  /** Nobody reads the other end. */
  EPIPE(32),
  /** Function not implemented. */
  ENOSYS(38),
  /** Socket operation on something else. */
  ENOTSOCK(88),
  /** Message too long. */
  EMSGSIZE(90),
  /** Operation not supported. */
  EOPNOTSUPP(95),
  /** Address already in use. */
  EADDRINUSE(98),
  /** No buffer space. */
  ENOBUFS(105),
  /** Not connected. */
  ENOTCONN(107),
  /** The other end is shut down. */
  ESHUTDOWN(108),
  /** Timed out. */
  ETIMEDOUT(110),
  /** Nobody listens. */
  ECONNREFUSED(111),
  /** Already done, or under way. */
  EALREADY(114);

  private final int number;

  Errno(int number) {
    this.number = number;
  }

  /** The number, as the C library reports it. */
  public int number() {
    return number;
  }

  /** The constant of a number, if it is one of these. */
  public static Optional<Errno> of(int number) {
    return Arrays.stream(values()).filter(e -> e.number == number).findFirst();
  }

  /** A number for people: {@code EIO (5)}, or {@code errno 250} where it has no name here. */
  public static String describe(int number) {
    return of(number).map(e -> e + " (" + number + ")").orElse("errno " + number);
  }
}
