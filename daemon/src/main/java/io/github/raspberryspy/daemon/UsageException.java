package io.github.raspberryspy.daemon;

/** The user asked for something that cannot be: one sentence on standard error, exit code 2. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String sentence) {
    super(sentence);
  }
}
