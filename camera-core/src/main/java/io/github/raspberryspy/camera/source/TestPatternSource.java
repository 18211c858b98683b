package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.ImageFormat;
import io.github.raspberryspy.camera.PixelFormat;
import java.time.Duration;
import java.util.Optional;

/**
 * A camera that films a {@link TestPattern}: {@code
 * test://?size=1280x720&fps=30&objects=1&seed=7&realtime=true&frames=0&timecode=false}.
 *
 * <p>With {@code timecode} the coded strip says when each frame was due, in milliseconds of the
 * wall clock since 1970, rather than its number: so it can be told from the pixels alone how old a
 * picture is that somebody sees.
 *
 * <p>In real time, frame n is due n/fps after the first call of {@link #deliver}; of several that
 * are due the latest is delivered, the others are lost. Otherwise a frame is made whenever there is
 * a free slot, and none is lost. It ends after {@code frames} frames, unless that is 0.
 */
final class TestPatternSource implements CameraSource {

  /** How many frames that are due are kept for a caller that is late. */
  static final int WAITING_FRAMES = 8;

  private static final long PATIENCE_NANOS = 400_000_000;
  private static final Duration SLOT_STEP = Duration.ofMillis(50);

  private final TestPattern pattern;
  private final boolean isLive;
  private final long endFrame;
  private final TestPatternTicker ticker;
  private final boolean hasTimeCode;
  private FramePool pool;
  private TestPatternPainter painter;
  private boolean started;
  private long startNanos;
  private long startMillis; // the same by the wall clock
  private long next;
  private volatile boolean stopped;

  /** A source, not open; {@code frames} of 0 for an endless one. */
  TestPatternSource(TestPattern pattern, boolean isLive, long frames, TestPatternTicker ticker) {
    this(pattern, isLive, frames, ticker, false);
  }

  private TestPatternSource(
      TestPattern pattern,
      boolean isLive,
      long frames,
      TestPatternTicker ticker,
      boolean hasTimeCode) {
    this.hasTimeCode = hasTimeCode;
    this.pattern = pattern;
    this.isLive = isLive;
    this.endFrame = frames == 0 ? Long.MAX_VALUE : frames;
    this.ticker = ticker;
  }

  /**
   * The source that an address names.
   *
   * @throws CameraException of kind INVALID, for an unknown key or a value out of range
   */
  static CameraSource of(SourceUri address) {
    address.requireOnly("size", "fps", "objects", "seed", "realtime", "frames", "timecode");
    return new TestPatternSource(
        TestPattern.of(address),
        address.flag("realtime", true),
        address.integer("frames", 0, 0, Integer.MAX_VALUE),
        TestPatternTicker.system(),
        address.flag("timecode", false));
  }

  @Override
  public StreamInfo open() {
    if (pool != null) {
      throw new IllegalStateException("the source is open already");
    }
    int width = pattern.width();
    int height = pattern.height();
    painter = new TestPatternPainter(pattern);
    pool = FramePool.allocate(PixelFormat.I420, width, height, FramePool.DEFAULT_SLOTS);
    return new StreamInfo(
        false,
        isLive,
        width,
        height,
        pattern.fps(),
        Optional.of(new ImageFormat(width, height, PixelFormat.I420, false)),
        pattern.layout().overlays());
  }

  @Override
  public boolean deliver(Receiver receiver) {
    if (pool == null) {
      throw new IllegalStateException("the source is not open");
    }
    if (!started) {
      started = true;
      startNanos = ticker.nanoTime();
      startMillis = System.currentTimeMillis();
    }
    if (isInterrupted()) {
      return false;
    }
    if (isLive) {
      deliverDue(receiver);
    } else {
      deliverNext(receiver);
    }
    return !stopped && next < endFrame;
  }

  @Override
  public void stop() {
    stopped = true;
    ticker.wake();
  }

  @Override
  public void close() {
    stop();
    painter = null;
    if (pool != null) {
      pool.close();
    }
  }

  private void deliverDue(Receiver receiver) {
    if (!awaitDue() || stopped || next >= endFrame) {
      return;
    }
    // Frames that are due wait, as in a driver's buffers; what does not fit there is lost.
    long due = Math.min(endFrame - 1, latestDue(ticker.nanoTime()));
    long lost = Math.max(0, due - next - (WAITING_FRAMES - 1));
    due = next + lost;
    next = due + 1;
    FrameSlot slot = pool.poll();
    if (slot == null) {
      lost++;
    }
    if (lost > 0) {
      receiver.onLost(lost);
    }
    if (slot != null) {
      hand(receiver, slot, due);
    }
  }

  private void deliverNext(Receiver receiver) {
    FrameSlot slot = takeSlot();
    if (slot != null) {
      hand(receiver, slot, next++);
    }
  }

  private void hand(Receiver receiver, FrameSlot slot, long number) {
    long code = hasTimeCode ? startMillis + pattern.ptsUs(number) / 1000 : number;
    painter.paint(slot, number, code);
    try (Frame frame = slot.publish(number, pattern.ptsUs(number), dueNanos(number))) {
      receiver.onFrame(frame);
    }
  }

  /** Waits for the next frame's time; false where it has not come yet. */
  private boolean awaitDue() {
    long due = dueNanos(next);
    long end = ticker.nanoTime() + PATIENCE_NANOS;
    for (long now = ticker.nanoTime(); now - due < 0; now = ticker.nanoTime()) {
      if (stopped || now - end >= 0 || isInterrupted()) {
        return false;
      }
      ticker.await(Math.min(due - now, end - now));
    }
    return true;
  }

  private FrameSlot takeSlot() {
    long end = ticker.nanoTime() + PATIENCE_NANOS;
    try {
      FrameSlot slot = null;
      while (slot == null && !stopped && next < endFrame && ticker.nanoTime() - end < 0) {
        slot = pool.take(SLOT_STEP);
      }
      return slot;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped = true;
      return null;
    }
  }

  /** An interrupt ends the source, as {@link #stop} does. */
  private boolean isInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      stopped = true;
    }
    return stopped;
  }

  private long dueNanos(long number) {
    return startNanos + Math.round(number * 1e9 / pattern.fps());
  }

  private long latestDue(long now) {
    long number = (long) ((now - startNanos) * pattern.fps() / 1e9) + 1;
    while (number > next && dueNanos(number) - now > 0) {
      number--;
    }
    return number;
  }
}
