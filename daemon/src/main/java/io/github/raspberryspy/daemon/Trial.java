package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.Counter;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Finds out whether a pipeline that has just been started records. */
final class Trial {

  /** How long it may take until something is on disk. */
  static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final Duration LOOK = Duration.ofMillis(20);

  private Trial() {}

  /**
   * Waits until something is durable, or filmed where only events are recorded.
   *
   * @param isOver whether nobody needs to know any more
   * @return what is wrong, in one sentence; empty for nothing
   */
  static String problem(CameraPipeline pipeline, boolean isContinuous, BooleanSupplier isOver) {
    Counter sign = isContinuous ? Counter.BYTES_RECORDED : Counter.FRAMES_CAPTURED;
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() - end < 0 && !isOver.getAsBoolean()) {
      if (pipeline.counters().get(sign) > 0) {
        return "";
      }
      try {
        if (pipeline.awaitStop(LOOK)) {
          return "it stopped";
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return "the program is stopping";
      } catch (CameraException e) {
        return e.getMessage();
      }
    }
    return "nothing was on disk within " + PATIENCE.toSeconds() + " s";
  }
}
