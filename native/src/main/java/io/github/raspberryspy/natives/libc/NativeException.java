package io.github.raspberryspy.natives.libc;

import java.util.Optional;

/** A call into the C library failed: {@code sendto /run/systemd/notify: ECONNREFUSED (111)}. */
public final class NativeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int number;

  /**
   * Names the failure.
   *
   * @param call the function
   * @param subject what it was called for: a path, a device
   * @param number the error number
   */
  public NativeException(String call, String subject, int number) {
    super(call + " " + subject + ": " + Errno.describe(number));
    this.number = number;
  }

  /** The error number. */
  public int number() {
    return number;
  }

  /** Its name, if it is a common one. */
  public Optional<Errno> errno() {
    return Errno.of(number);
  }
}
