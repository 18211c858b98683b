package io.github.raspberryspy.sink.http;

/** The request is refused with this status and this sentence. */
final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  Problem(int status, String detail) {
    super(detail);
    this.status = status;
  }

  int status() {
    return status;
  }
}
