package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.source.CameraSource;
import io.github.raspberryspy.camera.source.StreamInfo;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A source that does what a test says, step by step, as fast as it is asked. */
final class ScriptedSource implements CameraSource {

  static final int FPS = 10;
  private static final long INTERVAL_US = 1_000_000 / FPS;

  /** One call of {@link #deliver}. */
  interface Step {
    void run(ScriptedSource source, Receiver receiver);
  }

  private final int width;
  private final int height;
  private final boolean isLive;
  private PixelFormat format = PixelFormat.I420;
  private final ArrayDeque<Step> steps = new ArrayDeque<>();
  private long startNanos;
  private FramePool pool;
  private long number;
  private final CountDownLatch silenced = new CountDownLatch(1);
  private volatile boolean stopped;

  ScriptedSource(int width, int height, boolean isLive) {
    this.width = width;
    this.height = height;
    this.isLive = isLive;
  }

  /** Its pictures are of this format. */
  ScriptedSource format(PixelFormat newFormat) {
    format = newFormat;
    return this;
  }

  /** Then delivers so many frames. */
  ScriptedSource frames(int count) {
    for (int i = 0; i < count; i++) {
      steps.add(ScriptedSource::frame);
    }
    return this;
  }

  /** Then delivers so many frames of one and the same picture. */
  ScriptedSource still(int count) {
    for (int i = 0; i < count; i++) {
      steps.add((source, receiver) -> source.frame(receiver, 7));
    }
    return this;
  }

  /** Then delivers a frame after each of these until it is stopped. */
  ScriptedSource framesAfter(Runnable pause) {
    steps.add(
        (source, receiver) -> {
          while (!source.stopped) {
            pause.run();
            source.frame(receiver);
          }
        });
    return this;
  }

  /** Then does this. */
  ScriptedSource then(Runnable step) {
    steps.add((source, receiver) -> step.run());
    return this;
  }

  /** Then delivers nothing until it is stopped, as a camera does that has fallen silent. */
  ScriptedSource silence() {
    return then(() -> await(silenced));
  }

  /** Then hangs, as in a native call: not even stopping ends that. */
  ScriptedSource hangs(CountDownLatch until) {
    return then(() -> await(until));
  }

  /** Waits, whatever happens. */
  static void await(CountDownLatch latch) {
    boolean interrupted = false;
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Then breaks. */
  ScriptedSource breaks(CameraException.Kind kind) {
    return then(
        () -> {
          throw new CameraException(kind, "the scripted camera broke");
        });
  }

  private void frame(Receiver receiver) {
    frame(receiver, (int) number);
  }

  private void frame(Receiver receiver, int picture) {
    long n = number++;
    FrameSlot slot = pool.poll();
    if (slot == null) {
      receiver.onLost(1);
      return;
    }
    VideoMaker.fill(slot.avFrame(), format, picture);
    long pts = n * INTERVAL_US;
    try (Frame frame = slot.publish(n, pts, startNanos + pts * 1000)) {
      receiver.onFrame(frame);
    }
  }

  @Override
  public StreamInfo open() {
    startNanos = System.nanoTime();
    pool = FramePool.allocate(format, width, height, FramePool.DEFAULT_SLOTS);
    ImageFormat image = new ImageFormat(width, height, format, false);
    return new StreamInfo(false, isLive, width, height, FPS, Optional.of(image), List.of());
  }

  @Override
  public boolean deliver(Receiver receiver) {
    Step step = steps.poll();
    if (step != null && !stopped) {
      step.run(this, receiver);
    }
    return !steps.isEmpty() && !stopped;
  }

  @Override
  public void stop() {
    stopped = true;
    silenced.countDown();
  }

  @Override
  public void close() {
    if (pool != null) {
      pool.close();
    }
  }
}
