package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.decode.FrameDecoder;
import io.github.raspberryspy.camera.decode.GatedDecoder;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.PacketCursor;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes the packets of an H.264 source for the sinks and for the watch over the picture, as far
 * as they are needed, and never holds up the recording. For one thread, {@code decode-CAMERA}.
 */
final class Decoding implements GatedDecoder.Viewer {

  private static final Logger log = LoggerFactory.getLogger(Decoding.class);

  /** A live stream in which nothing came for so long may be at its end. */
  private static final Duration STALL = Duration.ofSeconds(1);

  /** A decoder may lose pictures for so long: what moves is still seen in the next one. */
  private static final long MOST_LOST_US = 2_000_000;

  private final String camera;
  private final Counters counters;
  private final Showing showing;
  private final boolean isLive;
  private final LongSupplier startNanos;
  private long number;
  private boolean isUnseen; // what came after that which was shown last
  private boolean hasLost; // pictures, since the moment below
  private long toldUs; // how far pictures were shown, or said to be quiet or unseen
  private long read; // packets
  private long readUs; // end of what was read so far
  private volatile boolean isEnding; // both set by capture- or supervise-CAMERA
  private volatile long endNanos;

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
      isUnseen |= isLostBefore(readUs);
      tellUnseen(readUs);
    } catch (Throwable e) {
      log.warn("frames of camera {} can no longer be shown; it records on", camera, e);
    }
  }

  /** What has not been decoded by then is not needed any more. Thread-safe. */
  void endBy(long nanos) {
    endNanos = nanos;
    isEnding = true;
  }

  /** Where it does not, whoever asks leaves out what nobody has seen. */
  @Override
  public boolean goesOn() {
    boolean goesOn = !isEnding || System.nanoTime() - endNanos < 0;
    isUnseen |= !goesOn;
    return goesOn;
  }

  /** Returns whether it came to the end; otherwise a new decoder goes on at the next keyframe. */
  private boolean runUntilFailure(PacketCursor cursor) {
    long before = read;
    try {
      if (showing.hasSinks()) {
        decodeForSinks(cursor);
      } else {
        decodeKeyframes(cursor);
      }
      return true;
    } catch (Throwable e) { // be it an Error: one picture that needs too much is not the last
      complain(e);
      isUnseen = true;
      return read == before && !skip(cursor); // one that cannot even be opened has taken none
    }
  }

  /** A decoder may fail on each keyframe: the log hears of the 1st, 2nd, 4th, 8th time. */
  private void complain(Throwable e) {
    counters.increment(Counter.DECODER_FAILURES);
    long times = counters.get(Counter.DECODER_FAILURES);
    if (Long.bitCount(times) == 1) {
      log.warn(
          "frames of camera {} are shown again from the next keyframe on, time {}",
          camera,
          times,
          e);
    }
  }

  private void decodeForSinks(PacketCursor cursor) {
    try (GatedDecoder decoder = new GatedDecoder(this, this::waits, startNanos)) {
      boolean mustSkip = true; // to the next keyframe
      for (Packet packet = next(cursor, decoder); packet != null; packet = next(cursor, decoder)) {
        long missed = cursor.takeMissed();
        if (missed > 0) {
          counted(0, missed, 0);
          decoder.interrupt();
          isUnseen = true;
        }
        mustSkip &= !packet.isKeyframe();
        isUnseen |= mustSkip;
        if (mustSkip || !goesOn()) {
          counted(0, 1, 0);
        } else {
          tellUnseen(packet.ptsUs());
          decoder.take(packet);
        }
      }
      decoder.finish();
    }
  }

  private Packet next(PacketCursor cursor, GatedDecoder decoder) {
    while (!cursor.awaitNext(STALL)) {
      decoder.stall();
    }
    return next(cursor);
  }

  private Packet next(PacketCursor cursor) {
    Packet packet = cursor.next();
    if (packet != null) {
      read++;
      readUs = Math.max(readUs, packet.ptsUs() + packet.durationUs());
    }
    return packet;
  }

  /** Leaves the next packet out; whether there was one. */
  private boolean skip(PacketCursor cursor) {
    boolean isThere = next(cursor) != null;
    counted(0, isThere ? 1 : 0, 0);
    return isThere;
  }

  private void tellUnseen(long untilUs) {
    if (isUnseen) {
      isUnseen = false;
      showing.unseen(capture(untilUs));
      told(untilUs);
    }
  }

  /** Whether the decoder lost so much before this moment that nobody can tell what moved. */
  private boolean isLostBefore(long us) {
    return hasLost && us - toldUs > MOST_LOST_US;
  }

  private void tellLost(long untilUs) {
    if (isLostBefore(untilUs)) {
      showing.unseen(capture(untilUs));
    }
    told(untilUs);
  }

  private void told(long untilUs) {
    hasLost = false;
    toldUs = untilUs;
  }

  /** For the watch over the picture alone, keyframes will do. */
  private void decodeKeyframes(PacketCursor cursor) {
    try (FrameDecoder decoder = FrameDecoder.openH264(this::waits)) {
      for (Packet packet = next(cursor); packet != null; packet = next(cursor)) {
        long missed = cursor.takeMissed();
        if (missed > 0) {
          decoder.reset();
        }
        boolean isNeeded = packet.isKeyframe() && goesOn();
        counted(isNeeded ? 1 : 0, isNeeded ? missed : missed + 1, 0);
        if (isNeeded) {
          decoder.decode(packet, this::watch);
          counted(0, 0, decoder.takeLost());
        }
      }
      decoder.finish(this::watch);
    }
  }

  private long capture(long ptsUs) {
    return startNanos.getAsLong() + ptsUs * 1000;
  }

  private void watch(FrameSlot slot, long ptsUs) {
    Frame frame;
    try {
      frame = slot.publish(number++, ptsUs, capture(ptsUs));
    } catch (Throwable e) {
      slot.discard();
      throw e;
    }
    try (frame) {
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
    tellLost(frame.ptsUs());
    showing.show(frame);
  }

  @Override
  public void glance(Frame frame) {
    showing.watch(frame);
  }

  @Override
  public void quiet(long untilNanos) {
    tellLost((untilNanos - startNanos.getAsLong()) / 1000);
    showing.quiet(untilNanos);
  }

  @Override
  public void counted(long decoded, long leftOut, long lost) {
    hasLost |= lost > 0;
    counters.add(Counter.FRAMES_DECODED, decoded);
    counters.add(Counter.FRAMES_NOT_DECODED, leftOut);
    counters.add(Counter.FRAMES_LOST_BY_DECODER, lost);
  }
}
