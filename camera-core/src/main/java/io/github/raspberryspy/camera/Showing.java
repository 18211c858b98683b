package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.decode.FrameDecoder;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.PacketCursor;
import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.camera.supervise.PictureWatch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
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
  private long decodedFrames;
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

  /** Shows no more; a decoder that waits for a free slot waits no longer. */
  void end() {
    ended = true;
  }

  /**
   * Tells the sinks of a stream, each on a thread of its own: one that does not return holds up
   * nothing.
   *
   * @param tell hears of a sink that takes its time
   */
  void announce(StreamInfo info, RunThreads threads, Consumer<String> tell) {
    for (WatchedSink sink : sinks) {
      Thread thread = threads.startForeign("stream-", () -> announce(sink, info));
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

  private void announce(WatchedSink sink, StreamInfo info) {
    try {
      sink.announce(info);
    } catch (Throwable e) { // not even an Error of somebody else's code ends a recording
      complain("the stream", e);
    }
  }

  void show(Frame frame) {
    if (watchesPictures) {
      try {
        pictures.look(frame);
      } catch (RuntimeException e) { // a fault of the watch is none of the recording
        complain("a frame", e);
      }
    }
    for (WatchedSink sink : sinks) {
      try {
        sink.show(frame);
      } catch (Throwable e) {
        complain("a frame", e);
      }
    }
  }

  /**
   * Shows the pictures of an H.264 source until its packets end. Never holds up the recording. For
   * the watch over the picture alone, keyframes will do.
   *
   * @param startNanos capture time of presentation time 0
   */
  void decode(PacketCursor cursor, StreamInfo info, LongSupplier startNanos) {
    try (cursor) {
      boolean goesOn = true;
      while (goesOn) {
        goesOn = !decodeUntilFailure(cursor, info, startNanos);
      }
    } catch (Throwable e) {
      log.warn("frames of camera {} can no longer be shown; it records on", camera, e);
    }
  }

  /** Returns whether it came to the end; otherwise a new decoder goes on at the next keyframe. */
  private boolean decodeUntilFailure(
      PacketCursor cursor, StreamInfo info, LongSupplier startNanos) {
    boolean skips = true;
    FrameDecoder.Receiver receiver =
        (slot, pts) -> showDecoded(slot, pts, startNanos.getAsLong() + pts * 1000);
    try (FrameDecoder decoder = FrameDecoder.openH264(() -> !info.isLive() && !ended)) {
      for (Packet packet = cursor.next(); packet != null; packet = cursor.next()) {
        if (cursor.takeMissed() > 0) {
          decoder.reset();
        }
        if (packet.isKeyframe() || !skips) {
          skips = sinks.length == 0;
          decoder.decode(packet, receiver);
        }
      }
      decoder.finish(receiver);
      return true;
    } catch (CameraException e) {
      counters.increment(Counter.DECODER_FAILURES);
      log.warn("frames of camera {} are shown again from the next keyframe on", camera, e);
      return false;
    }
  }

  private void showDecoded(FrameSlot slot, long ptsUs, long captureNanos) {
    try (Frame frame = slot.publish(decodedFrames++, ptsUs, captureNanos)) {
      show(frame);
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
