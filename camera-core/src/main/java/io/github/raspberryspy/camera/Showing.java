package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.camera.supervise.PictureWatch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the frames of one run to the sinks and to the watch over the picture. What they throw,
 * Errors included, goes no further.
 *
 * <p>For one thread: {@code capture-CAMERA}, or {@code decode-CAMERA} where the source delivers
 * H.264; {@link #announce} for the former; {@link #end} may come from any.
 */
final class Showing {

  private static final Logger log = LoggerFactory.getLogger(Showing.class);

  /** How long a run waits for a sink that is told of its stream. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final String camera;
  private final Counters counters;
  private final WatchedSink[] sinks;
  private final PictureWatch pictures;
  private final boolean watchesPictures;
  private final AtomicLong sinkFailures = new AtomicLong();
  private long watchedNanos = Long.MIN_VALUE;
  private WatchedSink.Run run; // known before the first frame
  private volatile boolean ended; // set by whoever stops the run

  Showing(
      String camera,
      Counters counters,
      List<WatchedSink> sinks,
      PictureWatch pictures,
      boolean watchesPictures) {
    this.camera = camera;
    this.counters = counters;
    this.sinks = sinks.toArray(WatchedSink[]::new);
    this.pictures = pictures;
    this.watchesPictures = watchesPictures;
  }

  /** Whether somebody looks. */
  boolean isWanted() {
    return sinks.length > 0 || watchesPictures;
  }

  /** Whether there are sinks, and not the watch over the picture alone. */
  boolean hasSinks() {
    return sinks.length > 0;
  }

  boolean isEnded() {
    return ended;
  }

  /** Shows no more; a decoder that waits for a free slot waits no longer. */
  void end() {
    ended = true;
  }

  /**
   * Tells the sinks of a stream, each on a thread of its own: one that does not return holds up
   * nothing. What the run before may still have to show is shown to nobody.
   *
   * @param tell hears of a sink that takes its time
   */
  void announce(StreamInfo info, RunThreads threads, Consumer<String> tell) {
    WatchedSink.Run begun = new WatchedSink.Run(info);
    run = begun;
    for (WatchedSink sink : sinks) {
      sink.begin(begun);
      Thread thread = threads.startForeign("stream-", () -> announce(sink, begun));
      RunThreads.join(thread, PATIENCE);
      if (thread.isAlive()) {
        tell.accept(
            "sink "
                + sink.name()
                + " of camera "
                + camera
                + " takes more than "
                + PATIENCE.toSeconds()
                + " s over a new stream: it is shown nothing until it is done");
      }
    }
  }

  private void announce(WatchedSink sink, WatchedSink.Run begun) {
    try {
      sink.announce(begun);
    } catch (Throwable e) { // not even an Error of somebody else's code ends a recording
      complain("the stream", e);
    }
  }

  void show(Frame frame) {
    watch(frame);
    for (WatchedSink sink : sinks) {
      try {
        sink.show(run, frame);
      } catch (Throwable e) {
        complain("a frame", e);
      }
    }
  }

  /** Shows a frame to the watch over the picture alone. What it has seen by then is passed over. */
  void watch(Frame frame) {
    if (!watchesPictures || frame.captureNanos() <= watchedNanos) {
      return;
    }
    watchedNanos = frame.captureNanos();
    try {
      pictures.look(frame);
    } catch (Throwable e) { // a fault of the watch is none of the recording
      complain("a frame", e);
    }
  }

  /** Whether some sink wants every frame; without one, keyframes will do for the watch. */
  boolean wantsEveryFrame() {
    for (WatchedSink sink : sinks) {
      try {
        if (sink.wantsEveryFrame(run)) {
          return true;
        }
      } catch (Throwable e) {
        complain("what it wants", e);
        return true;
      }
    }
    return false;
  }

  /** Tells the sinks that nothing moved. */
  void quiet(long untilNanos) {
    for (WatchedSink sink : sinks) {
      try {
        sink.quiet(run, untilNanos);
      } catch (Throwable e) {
        complain("a quiet moment", e);
      }
    }
  }

  /** Tells the sinks that frames were not decoded of which nothing is known. */
  void unseen(long untilNanos) {
    for (WatchedSink sink : sinks) {
      try {
        sink.unseen(run, untilNanos);
      } catch (Throwable e) {
        complain("frames that are missing", e);
      }
    }
  }

  /** A sink that fails may do so for each frame: the log hears of the 1st, 2nd, 4th, 8th time. */
  private void complain(String subject, Throwable e) {
    counters.increment(Counter.SINK_FAILURES);
    long times = sinkFailures.incrementAndGet();
    if (Long.bitCount(times) == 1) {
      log.warn("a sink of camera {} failed on {}, time {}", camera, subject, times, e);
    }
  }
}
