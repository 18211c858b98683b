package io.github.raspberryspy.daemon.gpio;

/** A pin that is read. Thread-safe. */
public interface GpioInput extends AutoCloseable {

  /**
   * Whether it is at 3.3 V now.
   *
   * @throws GpioException if it cannot be read any more
   */
  boolean isHigh();

  /** Gives the pin back. Idempotent. */
  @Override
  void close();

  /** Told of changes, on a thread of the port's; it must return soon. */
  @FunctionalInterface
  interface Listener {

    /**
     * The pin has another level, which has lasted for the debounce time.
     *
     * @param isHigh whether it is at 3.3 V now
     * @param nanos when it came to be, on the clock of {@link System#nanoTime}
     */
    void changed(boolean isHigh, long nanos);
  }
}
