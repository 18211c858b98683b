package io.github.raspberryspy.natives.libc;

import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;

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
  public int open(String path, int flags) {
    return Functions.open(Native.toByteArray(path, StandardCharsets.UTF_8), flags);
  }

  @Override
  public int ioctl(int fd, long request, Pointer argument) {
    return Functions.ioctl(fd, new NativeLong(request, true), argument);
  }

  @Override
  public int fcntl(int fd, int command, int argument) {
    return Functions.fcntl(fd, command, new NativeLong(argument));
  }

  @Override
  public long mmap(long bytes, int protection, int flags, int fd, long offset) {
    return Functions.mmap(
            Pointer.NULL,
            new NativeLong(bytes),
            protection,
            flags,
            fd,
            new NativeLong(offset, true))
        .longValue();
  }

  @Override
  public int munmap(long address, long bytes) {
    return Functions.munmap(new Pointer(address), new NativeLong(bytes));
  }

  @Override
  public int poll(Pointer entries, int count, int timeoutMillis) {
    return Functions.poll(entries, new NativeLong(count), timeoutMillis);
  }

  @Override
  public int eventfd(int initial, int flags) {
    return Functions.eventfd(initial, flags);
  }

  @Override
  public long read(int fd, Pointer into, long bytes) {
    return Functions.read(fd, into, new NativeLong(bytes)).longValue();
  }

  @Override
  public long write(int fd, Pointer from, long bytes) {
    return Functions.write(fd, from, new NativeLong(bytes)).longValue();
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

    static native int open(byte[] path, int flags);

    static native int ioctl(int fd, NativeLong request, Pointer argument);

    static native int fcntl(int fd, int command, NativeLong argument);

    /** The address as a number: -1 says that it failed, on any width. */
    static native NativeLong mmap(
        Pointer where, NativeLong bytes, int protection, int flags, int fd, NativeLong offset);

    static native int munmap(Pointer address, NativeLong bytes);

    static native int poll(Pointer entries, NativeLong count, int timeoutMillis);

    static native int eventfd(int initial, int flags);

    static native NativeLong read(int fd, Pointer into, NativeLong bytes);

    static native NativeLong write(int fd, Pointer from, NativeLong bytes);

    static native int close(int fd);
  }
}
