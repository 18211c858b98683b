package io.github.raspberryspy.natives.libcamera;

import io.github.raspberryspy.natives.libc.Errno;
import java.util.Optional;

/** A call to libcamera failed: a sentence that names the camera, and an error number. */
public final class LibcameraException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int number;

  /**
   * Names the failure.
   *
   * @param number the error number, above 0
   * @param sentence what failed, and why
   */
  public LibcameraException(int number, String sentence) {
    super(sentence);
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
