package io.github.raspberryspy.sink.fleet;

/** Somebody else has set the camera meanwhile. */
public final class StaleSettingsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  StaleSettingsException(String camera, long base, long now) {
    super(
        "the settings of camera "
            + camera
            + " are of version "
            + now
            + " by now, not of "
            + base
            + ": somebody else has changed them; look at them again");
  }
}
