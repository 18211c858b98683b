package io.github.raspberryspy.camera.audio;

import io.github.raspberryspy.camera.CameraException;

/**
 * A sound card, or what stands in for one: opened once, read, closed, all on {@code audio-CAMERA}.
 */
public interface AudioSource extends AutoCloseable {

  /**
   * What an open source delivers.
   *
   * @param rateHz samples per second of each channel, as the card says it
   * @param channels 1 to 8
   * @param delayNanos how much longer a sample is on its way than a picture; negative where it is
   *     shorter
   */
  record Shape(int rateHz, int channels, long delayNanos) {}

  /**
   * Opens it, without waiting for another program to let go of it.
   *
   * @throws CameraException in one sentence that names it; also after a failure of {@link #open}
   *     only {@link #close} may follow
   */
  Shape open();

  /**
   * A run of the camera began at this moment of {@link System#nanoTime}: for a source that keeps
   * step with its pictures.
   */
  default void begin(long startNanos) {}

  /**
   * Appends what has come since, without waiting; maybe not yet all of it.
   *
   * @return whether there was anything
   * @throws CameraException where the stream breaks
   */
  boolean read(AudioBlock into);

  /** Gives it back. */
  @Override
  void close();
}
