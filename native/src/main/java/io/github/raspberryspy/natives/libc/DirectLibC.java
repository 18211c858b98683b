package io.github.raspberryspy.natives.libc;

import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;

/** The C library of Linux, by JNA's direct mapping. */
final class DirectLibC implements LibC {

  private DirectLibC() {}

  static LibC load() {
    if (!Platform.isLinux()) {
      throw new UnsupportedOperationException("the C library is bound on Linux only");
    }
    Functions.register();
    return new DirectLibC();
  }

  @Override
  public int socket(int domain, int type, int protocol) {
    return Functions.socket(domain, type, protocol);
  }

  @Override
  public int bind(int fd, Pointer address, int addressBytes) {
    return Functions.bind(fd, address, addressBytes);
  }

  @Override
  public long sendto(
      int fd, byte[] bytes, long length, int flags, Pointer address, int addressBytes) {
    return Functions.sendto(fd, bytes, new NativeLong(length), flags, address, addressBytes)
        .longValue();
  }

  @Override
  public long recv(int fd, byte[] into, long length, int flags) {
    return Functions.recv(fd, into, new NativeLong(length), flags).longValue();
  }

  @Override
  public int close(int fd) {
    return Functions.close(fd);
  }

  @Override
  public int lastError() {
    return Native.getLastError();
  }

  /** The symbols themselves; {@code size_t} and {@code ssize_t} are as wide as a pointer. */
  private static final class Functions {
    private static boolean registered;

    private Functions() {}

    static synchronized void register() {
      if (!registered) {
        Native.register(Functions.class, "c");
        registered = true;
      }
    }

    static native int socket(int domain, int type, int protocol);

    static native int bind(int fd, Pointer address, int addressBytes);

    static native NativeLong sendto(
        int fd, byte[] bytes, NativeLong length, int flags, Pointer address, int addressBytes);

    static native NativeLong recv(int fd, byte[] into, NativeLong length, int flags);

    static native int close(int fd);
  }
}
