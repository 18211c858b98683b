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

  /** Opens a socket and returns its descriptor, which the caller owns. */
  int socket(int domain, int type, int protocol);

  /** Gives a socket a name. */
  int bind(int fd, Pointer address, int addressBytes);

  /** Sends a message to an address. Returns how many bytes were sent. */
  long sendto(int fd, byte[] bytes, long length, int flags, Pointer address, int addressBytes);

  /** Receives a message. Returns its length. */
  long recv(int fd, byte[] into, long length, int flags);

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
