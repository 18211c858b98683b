package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.record.ClockWatch;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.record.Storage;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Where one pipeline records, recovered and locked against others until it is closed.
 *
 * @param config how segments are written at present
 * @param storage where each segment goes
 */
record Recording(AtomicReference<RecorderConfig> config, Storage storage) implements AutoCloseable {

  /**
   * Opens and recovers the spool of a camera.
   *
   * @param alerts hears one sentence of each trouble with the disk
   * @throws CameraException of kind DISK_FAILED, if it cannot be used
   */
  static Recording open(
      RecorderConfig config, String camera, Consumer<String> alerts, Counters counters) {
    try {
      return new Recording(
          new AtomicReference<>(config),
          Storage.open(config.spool(), camera, config.storage(), alerts, counters));
    } catch (IOException e) {
      throw new CameraException(Kind.DISK_FAILED, e.getMessage(), e);
    } catch (RuntimeException e) {
      throw new CameraException(Kind.DISK_FAILED, "the spool cannot be recovered: " + e, e);
    }
  }

  /**
   * Goes by this from the next packet on. Returns false, and changes nothing, where that takes a
   * recorder of its own.
   */
  boolean change(RecorderConfig next) {
    boolean isTaken = config.get().mayGoOnAs(next);
    if (isTaken) {
      config.set(next);
    }
    return isTaken;
  }

  /** Starts to look after the disk, and after ages by this clock. */
  void begin(ClockWatch clock) {
    storage.start(clock);
  }

  @Override
  public void close() {
    storage.close();
  }
}
