package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.source.StreamInfo;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A sink, and whether it is in a call: while it is, it is not called again, be it by another run.
 * It hears of a run's stream before all else of that run, and of no run once the next has begun. It
 * lives as long as its pipeline. Thread-safe.
 */
final class WatchedSink {

  /** A run as its sinks know it: one and the same for all of them. */
  static final class Run {
    private final StreamInfo info;

    Run(StreamInfo info) {
      this.info = info;
    }
  }

  private final FrameSink sink;
  private final AtomicLong turns = new AtomicLong(); // odd while it is in a call
  private volatile Run latest; // written by capture-CAMERA; null before the first
  private Run told; // whose stream it knows; used by whoever is in the call

  WatchedSink(FrameSink sink) {
    this.sink = sink;
  }

  /** From now on it hears of this run alone. */
  void begin(Run run) {
    latest = run;
  }

  /** Tells it of the run's stream: now, or, where it is in a call, before all else of that run. */
  void announce(Run run) {
    if (enter(run)) {
      leave();
    }
  }

  /** Shows it a frame, unless it is in a call. */
  void show(Run run, Frame frame) {
    if (enter(run)) {
      try {
        sink.onFrame(frame);
      } finally {
        leave();
      }
    }
  }

  /** Tells it that nothing moved, unless it is in a call. */
  void quiet(Run run, long untilNanos) {
    if (enter(run)) {
      try {
        sink.onQuiet(untilNanos);
      } finally {
        leave();
      }
    }
  }

  /** Tells it that nothing is known, unless it is in a call. */
  void unseen(Run run, long untilNanos) {
    if (enter(run)) {
      try {
        sink.onUnseen(untilNanos);
      } finally {
        leave();
      }
    }
  }

  /** Whether it wants every frame; one that is in a call sees none anyway. */
  boolean wantsEveryFrame(Run run) {
    if (!enter(run)) {
      return false;
    }
    try {
      return sink.wantsEveryFrame();
    } finally {
      leave();
    }
  }

  /**
   * Begins a call, unless it is in one or the run is not the latest, and tells it of the run's
   * stream where it does not know it; whether it is to {@link #leave}.
   */
  private boolean enter(Run run) {
    long turn = turns.get();
    if (!isIdle(turn) || !turns.compareAndSet(turn, turn + 1)) {
      return false;
    }
    boolean isIn = false;
    try {
      isIn = tell(run);
    } finally {
      if (!isIn) {
        leave();
      }
    }
    return isIn;
  }

  private void leave() {
    turns.incrementAndGet();
  }

  /** Tells it of the run's stream where it does not know it; whether the run is the latest. */
  private boolean tell(Run run) {
    if (latest != run) {
      return false;
    }
    if (told != run) {
      told = run;
      sink.onStream(run.info);
    }
    return true;
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
