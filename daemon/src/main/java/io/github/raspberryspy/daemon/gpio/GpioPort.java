package io.github.raspberryspy.daemon.gpio;

/** A board's pins. Thread-safe. */
public interface GpioPort {

  /**
   * Takes a pin to read it.
   *
   * @param listener told of each change from now on; what the level is at first it is not told
   * @return the pin, owned by the caller
   * @throws GpioException if there is no board, no such pin, no permission, or somebody has it
   */
  GpioInput input(InputConfig config, GpioInput.Listener listener);
}
