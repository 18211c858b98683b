package io.github.raspberryspy.motion;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;

/**
 * Detections that hang and were left behind, of all cameras of the process. Each has a thread and a
 * frame until it comes back, if ever; so a camera has two at the most, whichever of its detectors
 * left them behind: one whose source flaps has another detector each time. Thread-safe.
 */
final class LeftBehind {

  static final int MOST = 2;

  @GuardedBy("WORKERS")
  private static final List<MotionWorker> WORKERS = new ArrayList<>();

  private LeftBehind() {}

  static void add(MotionWorker worker) {
    synchronized (WORKERS) {
      WORKERS.add(worker);
    }
  }

  /** Whether another detection of this camera may begin: should it hang too, it can be afforded. */
  static boolean isRoomFor(String camera) {
    synchronized (WORKERS) {
      WORKERS.removeIf(worker -> !worker.isAlive());
      return WORKERS.stream().filter(worker -> worker.camera().equals(camera)).count() < MOST;
    }
  }
}
