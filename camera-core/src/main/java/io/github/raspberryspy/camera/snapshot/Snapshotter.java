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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Makes a JPEG of the next frame when it is asked to, on a thread of its own, {@code
 * snapshot-CAMERA}, which lives only meanwhile. The thread that shows the frames shares one handle
 * and does nothing else. Requests that come together get the same picture.
 *
 * <p>Thread-safe.
 */
public final class Snapshotter implements FrameSink, AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Width of a poster, pixels: as wide as it is shown among others. */
  private static final int POSTER_WIDTH = 640;

  /** What is waited for. */
  private record Wanted(CompletableFuture<Snapshot> snapshot, boolean isPoster) {}

  private final String camera;
  private final Supplier<OverlayConfig> overlay;
  private final InstantSource clock;
  private final Optional<FrameSupply> supply;
  private final Duration patience;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private List<Wanted> waiting = new ArrayList<>();

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
   * @param overlay what is burnt into each picture, asked for each
   * @param clock the wall clock
   * @param supply where pictures are to be had that nobody shows; else {@link #onFrame} brings them
   */
  public Snapshotter(
      String camera,
      Supplier<OverlayConfig> overlay,
      InstantSource clock,
      Optional<FrameSupply> supply) {
    this(camera, overlay, clock, supply, PATIENCE);
  }

  Snapshotter(
      String camera,
      Supplier<OverlayConfig> overlay,
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
    return request(false);
  }

  /**
   * Asks for a small JPEG, at most {@value #POSTER_WIDTH} pixels wide, of some 30 KB. It fails as
   * {@link #request} does.
   */
  public CompletableFuture<byte[]> requestPoster() {
    return request(true).thenApply(Snapshot::jpeg);
  }

  private CompletableFuture<Snapshot> request(boolean isPoster) {
    CompletableFuture<Snapshot> future = new CompletableFuture<>();
    synchronized (lock) {
      if (closed) {
        future.completeExceptionally(stopped());
        return future;
      }
      waiting.add(new Wanted(future, isPoster));
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
    for (List<Wanted> all = next(); !all.isEmpty(); all = next()) {
      List<Wanted> requests = all;
      try {
        if (!show(frame -> serve(requests, frame))) {
          throw isClosed() ? stopped() : nothingShown();
        }
      } catch (Throwable e) { // whoever asked must hear of it, and the next one be served
        requests.forEach(request -> request.snapshot().completeExceptionally(e));
      }
    }
  }

  private void serve(List<Wanted> requests, Frame frame) {
    Map<Boolean, Snapshot> made = new HashMap<>(2);
    for (Wanted request : requests) {
      request
          .snapshot()
          .complete(made.computeIfAbsent(request.isPoster(), small -> encode(frame, small)));
    }
  }

  /** Those who wait; empty, and this thread forgotten, where nobody does. */
  private List<Wanted> next() {
    synchronized (lock) {
      if (supply.isEmpty() && !waiting.isEmpty()) {
        awaitFrame();
      }
      List<Wanted> taken = waiting;
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

  /** Shows a current frame. Returns whether there was one. */
  private boolean show(Consumer<Frame> to) {
    if (supply.isPresent()) {
      boolean[] shown = new boolean[1];
      supply
          .get()
          .show(
              frame -> {
                shown[0] = true;
                to.accept(frame);
              });
      return shown[0];
    }
    try (Frame frame = takeOffered()) {
      if (frame != null) {
        to.accept(frame);
      }
      return frame != null;
    }
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

  private Snapshot encode(Frame frame, boolean isPoster) {
    RunClock filmed = RunClock.tie(frame.captureNanos(), System.nanoTime(), clock.instant());
    OverlayConfig burnt = overlay.get();
    OverlayPainter painter = new OverlayPainter(burnt, ZoneId.systemDefault());
    Consumer<AVFrame> paint =
        burnt.isEmpty()
            ? picture -> {}
            : picture -> painter.paint(picture, filmed.start(), filmed.state());
    AVFrame picture = frame.image().avFrame();
    byte[] jpeg =
        isPoster
            ? JpegEncoder.encodeSmall(picture, paint, POSTER_WIDTH)
            : JpegEncoder.encode(picture, burnt.isEmpty() ? null : paint);
    return new Snapshot(
        jpeg, filmed.start(), frame.captureNanos(), frame.image().width(), frame.image().height());
  }

  private CameraException stopped() {
    return new CameraException(Kind.CANCELLED, "camera " + camera + " stopped before a snapshot");
  }

  private CameraException nothingShown() {
    return new CameraException(
        Kind.DEVICE_TIMEOUT, "camera " + camera + " has shown no frame for a snapshot");
  }
}
