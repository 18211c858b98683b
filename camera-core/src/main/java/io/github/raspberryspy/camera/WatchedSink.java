package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.source.StreamInfo;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A sink, and whether it is in a call: while it is, it is not called again, be it by another run.
 * It lives as long as its pipeline. Thread-safe.
 */
final class WatchedSink {

  private final FrameSink sink;
  private final AtomicLong turns = new AtomicLong(); // odd while it is in a call
  private final AtomicReference<StreamInfo> untold = new AtomicReference<>(); // null where none is

  WatchedSink(FrameSink sink) {
    this.sink = sink;
  }

  /**
   * Shows it a frame, unless it is in a call. Of a stream that began while it was in one it is told
   * first.
   */
  void show(Frame frame) {
    if (enter()) {
      try {
        tell();
        sink.onFrame(frame);
      } finally {
        turns.incrementAndGet();
      }
    }
  }

  /** Tells it that nothing moved, unless it is in a call. */
  void quiet(long untilNanos) {
    if (enter()) {
      try {
        sink.onQuiet(untilNanos);
      } finally {
        turns.incrementAndGet();
      }
    }
  }

  /** Whether it wants every frame; one that is in a call sees none anyway. */
  boolean wantsEveryFrame() {
    boolean wants = false;
    if (enter()) {
      try {
        wants = sink.wantsEveryFrame();
      } finally {
        turns.incrementAndGet();
      }
    }
    return wants;
  }

  /** Tells it of a stream: now, or, where it is in a call, before the first frame that it sees. */
  void announce(StreamInfo info) {
    untold.set(info);
    if (enter()) {
      try {
        tell();
      } finally {
        turns.incrementAndGet();
      }
    }
  }

  private void tell() {
    StreamInfo info = untold.getAndSet(null);
    if (info != null) {
      sink.onStream(info);
    }
  }

  private boolean enter() {
    long turn = turns.get();
    return isIdle(turn) && turns.compareAndSet(turn, turn + 1);
  }

  /** Changes with each call that begins, and with each that ends. */
  long turn() {
    return turns.get();
  }

  boolean isBusy() {
    return !isIdle(turns.get());
  }

  private static boolean isIdle(long turn) {
    return turn % 2 == 0;
  }

  /** Its class, without the package: what its author knows it by. */
  String name() {
    String name = sink.getClass().getName().replaceFirst("\\$\\$Lambda.*", " (a lambda)");
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
