package io.github.raspberryspy.natives.libc;

import com.sun.jna.Pointer;

/**
 * The C library's own functions, as their manual pages (section 2) describe them: each returns -1
 * on failure. {@link #load} gives the real one; tests put another in its place.
 *
 * <p>Thread-safe. Where a call fails, {@link #lastError} has the number, on the same thread and
 * before any other call.
 */
public interface LibC {

  /** Address family of sockets in the file system, or in Linux's abstract name space. */
  int AF_UNIX = 1;

  /** Messages that keep their borders. */
  int SOCK_DGRAM = 2;

  /** The descriptor is not inherited by child processes. */
  int SOCK_CLOEXEC = 0x80000;

  /** A send on a broken connection reports instead of raising a signal. */
  int MSG_NOSIGNAL = 0x4000;

  /** Does not wait for room or for a message. */
  int MSG_DONTWAIT = 0x40;

  /** Opens for reading and writing. */
  int O_RDWR = 2;

  /** Calls return instead of waiting. The number is that of x86 and ARM. */
  int O_NONBLOCK = 0x800;

  /** The descriptor is not inherited by child processes. The number is that of x86 and ARM. */
  int O_CLOEXEC = 0x80000;

  /** The mapping may be read. */
  int PROT_READ = 1;

  /** The mapping may be written. */
  int PROT_WRITE = 2;

  /** Everybody who maps the same object sees the same bytes. */
  int MAP_SHARED = 1;

  /** There is something to read. */
  int POLLIN = 1;

  /** An event is pending. */
  int POLLPRI = 2;

  /** There is room to write. */
  int POLLOUT = 4;

  /** The descriptor has failed. */
  int POLLERR = 8;

  /** The event counter does not wait. The number is that of x86 and ARM. */
  int EFD_NONBLOCK = O_NONBLOCK;

  /** The event counter is not inherited by child processes. */
  int EFD_CLOEXEC = O_CLOEXEC;

  /** A duplicate with the lowest number from the argument on, not inherited by child processes. */
  int F_DUPFD_CLOEXEC = 1030;

  /** Opens a socket and returns its descriptor, which the caller owns. */
  int socket(int domain, int type, int protocol);

  /** Gives a socket a name. */
  int bind(int fd, Pointer address, int addressBytes);

  /** Sends a message to an address. Returns how many bytes were sent. */
  long sendto(int fd, byte[] bytes, long length, int flags, Pointer address, int addressBytes);

  /** Receives a message. Returns its length. */
  long recv(int fd, byte[] into, long length, int flags);

  /** Opens a file or device and returns its descriptor, which the caller owns. */
  int open(String path, int flags);

  /**
   * Asks a device for something. Variadic in C; this fixed form reaches it on Linux for x86 and
   * ARM, where variadic arguments are passed as any other.
   *
   * @param request 32 bits, unsigned
   */
  int ioctl(int fd, long request, Pointer argument);

  /** Controls a descriptor, with a number as its argument. */
  int fcntl(int fd, int command, int argument);

  /**
   * Maps a device or file at an address of the kernel's choice, which is returned. The caller owns
   * the mapping.
   */
  long mmap(long bytes, int protection, int flags, int fd, long offset);

  /** Gives a mapping back: nothing may read there afterwards. */
  int munmap(long address, long bytes);

  /**
   * Waits for descriptors.
   *
   * @param entries an array of {@code struct pollfd}
   * @param timeoutMillis how long at the most; negative without end
   * @return how many have something; 0 when the time is over
   */
  int poll(Pointer entries, int count, int timeoutMillis);

  /** Opens a counter that can be polled, and returns its descriptor, which the caller owns. */
  int eventfd(int initial, int flags);

  /** Reads bytes and returns how many. */
  long read(int fd, Pointer into, long bytes);

  /** Writes bytes and returns how many. */
  long write(int fd, Pointer from, long bytes);

  /** Gives a descriptor back. */
  int close(int fd);

  /** The error number of this thread's latest call. */
  int lastError();

  /**
   * The real one.
   *
   * @throws UnsupportedOperationException where the operating system is not Linux
   */
  static LibC load() {
    return DirectLibC.load();
  }
}
