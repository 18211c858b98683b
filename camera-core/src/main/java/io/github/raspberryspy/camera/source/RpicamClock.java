package io.github.raspberryspy.camera.source;

/**
 * When pictures were taken that come through a pipe: their arrival, freed from most of its unrest.
 *
 * <p>The camera's pace is even, the pipe's is not. Each picture is expected one interval after the
 * last; an arrival near that moves the expectation a little, one far from it is believed.
 */
final class RpicamClock {

  private static final int GENTLENESS = 8;

  private final long intervalUs;
  private long startNanos;
  private long lastUs = Long.MIN_VALUE;

  RpicamClock(long intervalUs) {
    this.intervalUs = intervalUs;
  }

  /** Time of the next picture since the first, which arrived now; microseconds, always rising. */
  long place(long arrivalNanos) {
    if (lastUs == Long.MIN_VALUE) {
      startNanos = arrivalNanos;
      lastUs = 0;
      return 0;
    }
    long arrived = (arrivalNanos - startNanos) / 1000;
    long expected = lastUs + intervalUs;
    long late = arrived - expected;
    long us = Math.abs(late) < intervalUs * 3 / 4 ? expected + late / GENTLENESS : arrived;
    lastUs = Math.max(lastUs + 1, us);
    return lastUs;
  }

  /** A time that was placed, on the clock of {@link System#nanoTime}. */
  long nanos(long us) {
    return startNanos + us * 1000;
  }
}
