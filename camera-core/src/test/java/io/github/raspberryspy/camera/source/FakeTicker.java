package io.github.raspberryspy.camera.source;

/** Time that passes only while somebody waits for it, or when a test says so. */
final class FakeTicker implements TestPatternTicker {

  static final long START = 5_000_000_000L;

  private long nanos = START;

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public void await(long waited) {
    if (waited <= 0) {
      throw new AssertionError("waits for " + waited + " ns");
    }
    nanos += waited;
  }

  @Override
  public void wake() {}

  void pass(long passed) {
    nanos += passed;
  }
}
