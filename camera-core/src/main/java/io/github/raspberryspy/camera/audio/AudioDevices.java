package io.github.raspberryspy.camera.audio;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.internal.Natives;
import org.bytedeco.ffmpeg.global.avdevice;
import org.bytedeco.javacpp.Loader;

/**
 * Loads FFmpeg's library of devices, once, and only where a sound card is asked for: it needs
 * libraries that a small system lacks.
 */
final class AudioDevices {

  private static String refusal;
  private static boolean isLoaded;

  private AudioDevices() {}

  /**
   * Makes sure that it is there.
   *
   * @throws CameraException of kind DEVICE_ABSENT, which says what to install
   */
  static synchronized void load() {
    if (!isLoaded && refusal == null) {
      Natives.load();
      try {
        Loader.load(avdevice.class);
        avdevice.avdevice_register_all();
        isLoaded = true;
      } catch (UnsatisfiedLinkError e) {
        refusal = e.getMessage(); // the loader does not try twice either
      }
    }
    if (refusal != null) {
      throw new CameraException(
          Kind.DEVICE_ABSENT,
          "sound cards need libraries that are not all here (on Debian: apt install libasound2"
              + " libxcb1 libxcb-shm0 libpulse0): "
              + refusal);
    }
  }
}
