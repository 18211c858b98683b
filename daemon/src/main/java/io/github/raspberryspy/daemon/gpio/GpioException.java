package io.github.raspberryspy.daemon.gpio;

/** A pin cannot be used, in one sentence that says which and why. */
public final class GpioException extends RuntimeException {

  private static final long serialVersionUID = 1;

  GpioException(String sentence) {
    super(sentence);
  }

  GpioException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
