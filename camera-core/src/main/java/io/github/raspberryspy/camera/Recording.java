package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.record.SpoolRecovery;
import io.github.raspberryspy.camera.record.Storage;
import io.github.raspberryspy.segments.spool.Spool;
import java.io.Closeable;
import java.io.IOException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A spool that one pipeline records into, recovered and locked against others until it is closed.
 *
 * @param config how segments are written
 * @param spool on the disk
 * @param storage where each segment goes
 */
record Recording(RecorderConfig config, Spool spool, Storage storage, Closeable lock)
    implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Recording.class);

  /**
   * Opens and recovers the spool of a camera.
   *
   * @param alerts hears one sentence of each trouble with the disk
   * @throws CameraException of kind DISK_FAILED, if it cannot be used
   */
  static Recording open(
      RecorderConfig config, String camera, Consumer<String> alerts, Counters counters) {
    Closeable lock = () -> {};
    try {
      Spool spool = Spool.open(config.spool(), camera);
      lock = spool.lockForRecording();
      SpoolRecovery.recover(spool);
      spool.removeEmptyDays();
      return new Recording(
          config, spool, new Storage(spool, config.storage(), alerts, counters), lock);
    } catch (IOException | RuntimeException e) {
      giveBack(lock, e);
      throw new CameraException(Kind.DISK_FAILED, sentence(e), e);
    }
  }

  /** Starts to look after the disk. */
  void begin() {
    storage.start();
  }

  @Override
  public void close() {
    storage.close();
    try {
      lock.close();
    } catch (IOException e) {
      log.warn("the lock of {} could not be given back", spool.folder(), e);
    }
  }

  private static void giveBack(Closeable lock, Exception why) {
    try {
      lock.close();
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  private static String sentence(Exception e) {
    return e instanceof IOException ? e.getMessage() : "the spool cannot be recovered: " + e;
  }
}
