package io.github.raspberryspy.camera;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.Optional;

/** One run on its {@code capture-CAMERA}, as its supervisor sees it. Thread-safe. */
final class CaptureThread {

  private final CameraRun run;
  private final Counters counters;
  private final String camera;
  private final Thread thread;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private boolean hasNews;

  @GuardedBy("lock")
  private boolean ended;

  @GuardedBy("lock")
  private Optional<CameraException> problem = Optional.empty();

  CaptureThread(String camera, CameraRun run, Counters counters) {
    this.camera = camera;
    this.run = run;
    this.counters = counters;
    this.thread = new Thread(this::capture, "capture-" + camera);
  }

  CameraRun run() {
    return run;
  }

  void start() {
    thread.start();
  }

  boolean owns(Thread other) {
    return other == thread || run.owns(other);
  }

  /** Waits until there is news, or so long. Returns whether the run has ended. */
  boolean await(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    synchronized (lock) {
      long left = most.toNanos();
      while (!ended && !hasNews && left > 0) {
        lock.wait(Math.max(1, left / 1_000_000));
        left = end - System.nanoTime();
      }
      hasNews = false;
      return ended;
    }
  }

  /** Why the run ended; empty where nothing is wrong. */
  Optional<CameraException> problem() {
    synchronized (lock) {
      return problem;
    }
  }

  /** What has not ended of it, each thread with the call that it is in; empty where all has. */
  String hanging() {
    String others = run.hanging();
    synchronized (lock) {
      if (ended) {
        return others;
      }
    }
    String own = RunThreads.where(thread);
    return others.isEmpty() ? own : own + ", " + others;
  }

  private void capture() {
    Optional<CameraException> found = Optional.empty();
    try (run) {
      run.open();
      counters.increment(Counter.RUNS);
      tellNews();
      run.capture();
    } catch (CameraException e) {
      found = Optional.of(e);
    } catch (Throwable e) { // whatever it was, the supervisor must hear of it
      found =
          Optional.of(
              new CameraException(CameraException.Kind.BUG, "camera " + camera + ": " + e, e));
    } finally {
      synchronized (lock) {
        problem = found;
        ended = true;
        lock.notifyAll();
      }
    }
  }

  private void tellNews() {
    synchronized (lock) {
      hasNews = true;
      lock.notifyAll();
    }
  }
}
