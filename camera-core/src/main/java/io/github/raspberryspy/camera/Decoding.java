package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.decode.FrameDecoder;
import io.github.raspberryspy.camera.decode.GatedDecoder;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.PacketCursor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes the packets of an H.264 source for the sinks and for the watch over the picture, as far
 * as they are needed, and never holds up the recording. For one thread, {@code decode-CAMERA}.
 */
final class Decoding implements GatedDecoder.Viewer {

  private static final Logger log = LoggerFactory.getLogger(Decoding.class);

  private final String camera;
  private final Counters counters;
  private final Showing showing;
  private final boolean isLive;
  private final LongSupplier startNanos;
  private long number;

  /**
   * For one run.
   *
   * @param isLive whether its source waits for nobody; where it does, everything is decoded, for
   *     the packets come faster than any sink says what it wants
   * @param startNanos capture time of presentation time 0, known from the first packet on
   */
  Decoding(
      String camera, Counters counters, Showing showing, boolean isLive, LongSupplier startNanos) {
    this.camera = camera;
    this.counters = counters;
    this.showing = showing;
    this.isLive = isLive;
    this.startNanos = startNanos;
  }

  /** Decodes until the packets end. */
  void run(PacketCursor cursor) {
    try (cursor) {
      boolean goesOn = true;
      while (goesOn) {
        goesOn = !runUntilFailure(cursor);
      }
    } catch (Throwable e) {
      log.warn("frames of camera {} can no longer be shown; it records on", camera, e);
    }
  }

  /** Returns whether it came to the end; otherwise a new decoder goes on at the next keyframe. */
  private boolean runUntilFailure(PacketCursor cursor) {
    try {
      if (showing.hasSinks()) {
        decodeForSinks(cursor);
      } else {
        decodeKeyframes(cursor);
      }
      return true;
    } catch (CameraException e) {
      counters.increment(Counter.DECODER_FAILURES);
      log.warn("frames of camera {} are shown again from the next keyframe on", camera, e);
      return cursor.next() == null; // a decoder that cannot even be opened takes no packet
    }
  }

  private void decodeForSinks(PacketCursor cursor) {
    try (GatedDecoder decoder = new GatedDecoder(this, this::waits, startNanos)) {
      boolean skips = true;
      for (Packet packet = cursor.next(); packet != null; packet = cursor.next()) {
        if (cursor.takeMissed() > 0) {
          decoder.interrupt();
        }
        skips &= !packet.isKeyframe();
        if (!skips) {
          decoder.take(packet);
        }
      }
      decoder.finish();
    }
  }

  /** For the watch over the picture alone, keyframes will do. */
  private void decodeKeyframes(PacketCursor cursor) {
    try (FrameDecoder decoder = FrameDecoder.openH264(this::waits)) {
      for (Packet packet = cursor.next(); packet != null; packet = cursor.next()) {
        if (cursor.takeMissed() > 0) {
          decoder.reset();
        }
        if (packet.isKeyframe()) {
          decoder.decode(packet, this::watch);
        }
      }
      decoder.finish(this::watch);
    }
  }

  private void watch(FrameSlot slot, long ptsUs) {
    try (Frame frame = slot.publish(number++, ptsUs, startNanos.getAsLong() + ptsUs * 1000)) {
      showing.watch(frame);
    }
  }

  private boolean waits() {
    return !isLive && !showing.isEnded();
  }

  @Override
  public boolean wantsEveryFrame() {
    return !isLive || showing.wantsEveryFrame();
  }

  @Override
  public void show(Frame frame) {
    showing.show(frame);
  }

  @Override
  public void glance(Frame frame) {
    showing.watch(frame);
  }

  @Override
  public void quiet(long untilNanos) {
    showing.quiet(untilNanos);
  }

  @Override
  public void counted(long decoded, long leftOut) {
    counters.add(Counter.FRAMES_DECODED, decoded);
    counters.add(Counter.FRAMES_NOT_DECODED, leftOut);
  }
}
