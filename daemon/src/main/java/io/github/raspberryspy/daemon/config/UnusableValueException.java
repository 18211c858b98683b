package io.github.raspberryspy.daemon.config;

/**
 * A value cannot be used, for a reason that says more than the range of its key: half a sentence
 * that names what of the value is wrong, and what is allowed.
 */
final class UnusableValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  UnusableValueException(String reason) {
    super(reason);
  }
}
