package io.github.raspberryspy.camera.supervise;

import io.github.raspberryspy.camera.source.StreamInfo;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How far a run has come, as its threads tell and its supervisor reads: plain counts, no clock and
 * no lock on the way of a frame.
 *
 * <p>Thread-safe; the first part is told by {@code capture-CAMERA}, the second by {@code
 * encode-CAMERA}.
 */
public final class RunProgress {

  /** What the capturing thread is at. */
  enum Phase {
    OPENING,
    CAPTURING,
    DRAINING,
    CLOSING
  }

  private volatile Phase phase = Phase.OPENING;
  private volatile StreamInfo info; // set before the phase is left that opens
  private final AtomicLong delivered = new AtomicLong();
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong given = new AtomicLong();
  private volatile boolean isEncoding;
  private volatile boolean hasEncoderEnded;

  /** A run that opens its source. */
  public RunProgress() {}

  /** The source is open. */
  public void opened(StreamInfo stream) {
    info = stream;
    phase = Phase.CAPTURING;
  }

  /** The source gave a sign of life: a frame, a packet, or word of a loss. */
  public void delivered() {
    delivered.incrementAndGet();
  }

  /** No more is captured; what was is encoded and written. */
  public void draining() {
    phase = Phase.DRAINING;
  }

  /** All threads have ended; the source is closed. */
  public void closing() {
    phase = Phase.CLOSING;
  }

  /** A frame goes to the encoder, or it is opened, or emptied. */
  public void encoderTakes() {
    taken.incrementAndGet();
    isEncoding = true;
  }

  /** A packet came out, and is handed on: whoever takes it may let the encoder's thread wait. */
  public void encoderGives() {
    isEncoding = false;
    given.incrementAndGet();
  }

  /** The packet was taken; the encoder goes on. */
  public void encoderGoesOn() {
    isEncoding = true;
  }

  /** The encoder has come back. */
  public void encoderReturns() {
    isEncoding = false;
  }

  /** The encoder is closed: nothing more can be expected of it. */
  public void encoderEnded() {
    hasEncoderEnded = true;
  }

  /** Whether the source was opened. */
  public boolean isOpen() {
    return info != null;
  }

  /** Whether the source is open and is being read. */
  public boolean isCapturing() {
    return phase == Phase.CAPTURING;
  }

  /** Signs of life of the source so far. */
  public long deliveries() {
    return delivered.get();
  }

  /** Packets that came out of the encoder so far. */
  public long packetsGiven() {
    return given.get();
  }

  Phase phase() {
    return phase;
  }

  StreamInfo info() {
    return info;
  }

  long framesTaken() {
    return taken.get();
  }

  boolean hasEncoderEnded() {
    return hasEncoderEnded;
  }

  boolean isInEncoder() {
    return isEncoding;
  }
}
