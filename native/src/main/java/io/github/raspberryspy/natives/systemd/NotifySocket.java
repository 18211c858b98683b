package io.github.raspberryspy.natives.systemd;

import io.github.raspberryspy.natives.libc.Errno;
import io.github.raspberryspy.natives.libc.LibC;
import io.github.raspberryspy.natives.libc.NativeException;
import io.github.raspberryspy.natives.libc.UnixAddress;
import java.nio.charset.StandardCharsets;

/**
 * Where the service manager listens. A socket is opened for each message: they are rare, and
 * nothing stays open that a restarted service manager would leave dangling.
 */
final class NotifySocket {

  private static final int MAX_TRIES = 10;

  private final String name;
  private final LibC libc;
  private final UnixAddress address;

  NotifySocket(String name, LibC libc) {
    this.name = name;
    this.libc = libc;
    this.address = new UnixAddress(name);
  }

  /** Sends one datagram, and never waits. */
  void send(String message) {
    int fd = libc.socket(LibC.AF_UNIX, LibC.SOCK_DGRAM | LibC.SOCK_CLOEXEC, 0);
    if (fd < 0) {
      throw new NativeException("socket", name, libc.lastError());
    }
    try {
      sendOn(fd, message.getBytes(StandardCharsets.UTF_8));
    } finally {
      libc.close(fd);
    }
  }

  private void sendOn(int fd, byte[] bytes) {
    int flags = LibC.MSG_NOSIGNAL | LibC.MSG_DONTWAIT;
    int error = 0;
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      if (libc.sendto(fd, bytes, bytes.length, flags, address.pointer(), address.size()) >= 0) {
        return;
      }
      error = libc.lastError();
      if (error != Errno.EINTR.number()) {
        break;
      }
    }
    throw new NativeException("sendto", name, error);
  }
}
