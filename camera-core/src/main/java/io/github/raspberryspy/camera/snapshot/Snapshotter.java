package io.github.raspberryspy.camera.snapshot;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameSink;
import io.github.raspberryspy.camera.overlay.OverlayConfig;
import io.github.raspberryspy.camera.overlay.OverlayPainter;
import io.github.raspberryspy.camera.record.RunClock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Makes a JPEG of the next frame when it is asked to, on a thread of its own, {@code
 * snapshot-CAMERA}, which lives only meanwhile. The thread that shows the frames shares one handle
 * and does nothing else. Requests that come together get the same picture.
 *
 * <p>Thread-safe.
 */
public final class Snapshotter implements FrameSink, AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final String camera;
  private final OverlayConfig overlay;
  private final InstantSource clock;
  private final Optional<FrameSupply> supply;
  private final Duration patience;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private List<CompletableFuture<Snapshot>> waiting = new ArrayList<>();

  @GuardedBy("lock")
  private Frame offered;

  @GuardedBy("lock")
  private Thread thread;

  @GuardedBy("lock")
  private boolean closed;

  private volatile boolean wanted; // under the lock, but read without it for each frame

  /**
   * A snapshotter at rest.
   *
   * @param camera name of the camera, for the thread's name and for messages
   * @param overlay is burnt into each picture
   * @param clock the wall clock
   * @param supply where pictures are to be had that nobody shows; else {@link #onFrame} brings them
   */
  public Snapshotter(
      String camera, OverlayConfig overlay, InstantSource clock, Optional<FrameSupply> supply) {
    this(camera, overlay, clock, supply, PATIENCE);
  }

  Snapshotter(
      String camera,
      OverlayConfig overlay,
      InstantSource clock,
      Optional<FrameSupply> supply,
      Duration patience) {
    this.patience = patience;
    this.camera = camera;
    this.overlay = overlay;
    this.clock = clock;
    this.supply = supply;
  }

  /**
   * Asks for a picture. The future fails with a {@link CameraException}: of kind DEVICE_TIMEOUT
   * where no frame comes within 5 s, of kind CANCELLED where the camera stops first.
   */
  public CompletableFuture<Snapshot> request() {
    CompletableFuture<Snapshot> future = new CompletableFuture<>();
    synchronized (lock) {
      if (closed) {
        future.completeExceptionally(stopped());
        return future;
      }
      waiting.add(future);
      if (thread == null) {
        Thread fresh = new Thread(this::serve, "snapshot-" + camera);
        fresh.setDaemon(true);
        fresh.start();
        thread = fresh; // one that could not be started serves nobody
      }
    }
    return future;
  }

  @Override
  public void onFrame(Frame frame) {
    if (!wanted) {
      return;
    }
    synchronized (lock) {
      if (wanted && !closed) {
        wanted = false;
        offered = frame.share("snapshot");
        lock.notifyAll();
      }
    }
  }

  /** Fails what is still asked for, and gives back what is held. */
  @Override
  public void close() {
    Thread working;
    synchronized (lock) {
      closed = true;
      wanted = false;
      working = thread;
      lock.notifyAll();
    }
    boolean interrupted = false;
    while (working != null && working.isAlive()) {
      try {
        working.join();
      } catch (InterruptedException e) {
        interrupted = true; // it holds a frame: the camera's memory must not go under it
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve() {
    for (var requests = next(); !requests.isEmpty(); requests = next()) {
      try {
        Snapshot snapshot = take();
        requests.forEach(request -> request.complete(snapshot));
      } catch (Throwable e) { // whoever asked must hear of it, and the next one be served
        requests.forEach(request -> request.completeExceptionally(e));
      }
    }
  }

  /** Those who wait; empty, and this thread forgotten, where nobody does. */
  private List<CompletableFuture<Snapshot>> next() {
    synchronized (lock) {
      if (supply.isEmpty() && !waiting.isEmpty()) {
        awaitFrame();
      }
      List<CompletableFuture<Snapshot>> taken = waiting;
      waiting = new ArrayList<>();
      if (taken.isEmpty()) {
        thread = null;
      }
      return taken;
    }
  }

  @GuardedBy("lock")
  private void awaitFrame() {
    long deadline = System.nanoTime() + patience.toNanos();
    wanted = offered == null && !closed;
    try {
      for (long left = patience.toNanos();
          offered == null && !closed && left > 0;
          left = deadline - System.nanoTime()) {
        lock.wait(Math.max(1, left / 1_000_000));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      wanted = false; // a frame that comes later would be kept, and be old when it is asked for
    }
  }

  private Snapshot take() {
    Snapshot[] taken = new Snapshot[1];
    if (supply.isPresent()) {
      supply.get().show(frame -> taken[0] = encode(frame));
    } else {
      try (Frame frame = takeOffered()) {
        taken[0] = frame == null ? null : encode(frame);
      }
    }
    if (taken[0] == null) {
      throw isClosed()
          ? stopped()
          : new CameraException(
              Kind.DEVICE_TIMEOUT, "camera " + camera + " has shown no frame for a snapshot");
    }
    return taken[0];
  }

  private Frame takeOffered() {
    synchronized (lock) {
      Frame frame = offered;
      offered = null;
      return frame;
    }
  }

  private boolean isClosed() {
    synchronized (lock) {
      return closed;
    }
  }

  private Snapshot encode(Frame frame) {
    RunClock filmed = RunClock.tie(frame.captureNanos(), System.nanoTime(), clock.instant());
    OverlayPainter painter = new OverlayPainter(overlay, ZoneId.systemDefault());
    byte[] jpeg =
        JpegEncoder.encode(
            frame.image().avFrame(),
            overlay.isEmpty()
                ? null
                : picture -> painter.paint(picture, filmed.start(), filmed.state()));
    return new Snapshot(
        jpeg, filmed.start(), frame.captureNanos(), frame.image().width(), frame.image().height());
  }

  private CameraException stopped() {
    return new CameraException(Kind.CANCELLED, "camera " + camera + " stopped before a snapshot");
  }
}
