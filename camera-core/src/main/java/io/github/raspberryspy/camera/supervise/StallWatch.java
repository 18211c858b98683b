package io.github.raspberryspy.camera.supervise;

import io.github.raspberryspy.camera.supervise.CameraFault.Kind;
import io.github.raspberryspy.camera.supervise.RunProgress.Phase;
import java.time.Duration;
import java.util.Optional;

/**
 * Notices that a run has come to a halt: its source is open and silent, or frames go into its
 * encoder and nothing comes out. For one thread, which looks several times a second.
 *
 * <p>Time counts only as far as somebody looked: a process that was stopped, or a machine so loaded
 * that not even the supervisor ran, is no stall of the camera.
 */
public final class StallWatch {

  /** What one look may add. */
  private static final long LONGEST_STEP_NANOS = 500_000_000;

  private static final long OPENING_NANOS = 30_000_000_000L;
  private static final long CLOSING_NANOS = 15_000_000_000L;

  /** A source may take so many times longer for its first frame: some begin with a keyframe. */
  private static final int FIRST_FRAME = 5;

  /** A slow camera may be silent for so many frame intervals. */
  private static final int INTERVALS = 5;

  private final Duration stallAfter;
  private final RunProgress progress;
  private boolean hasLooked;
  private long lookedNanos;
  private Phase phase = Phase.OPENING;
  private long phaseNanos;
  private long deliveries;
  private long silentNanos;
  private long packets;
  private long framesAtPacket;
  private long barrenNanos;

  /**
   * A watch over one run.
   *
   * @param stallAfter see {@link SuperviseConfig#stallAfter}; 0 never finds a stall
   */
  public StallWatch(Duration stallAfter, RunProgress progress) {
    this.stallAfter = stallAfter;
    this.progress = progress;
  }

  /**
   * Looks once.
   *
   * @param nowNanos on any steady clock
   * @param isStopping whether the run was told to end: then even opening must be short
   * @return what has stalled, if something has
   */
  public Optional<Kind> look(long nowNanos, boolean isStopping) {
    long step = hasLooked ? Math.min(nowNanos - lookedNanos, LONGEST_STEP_NANOS) : 0;
    hasLooked = true;
    lookedNanos = nowNanos;
    Phase now = progress.phase();
    if (now != phase) {
      phase = now;
      phaseNanos = 0;
      silentNanos = 0;
    }
    phaseNanos += step;
    if (stallAfter.isZero()) {
      return Optional.empty();
    }
    if (isEncoderBarren(step)) {
      return Optional.of(Kind.ENCODER_STALLED);
    }
    return isCaptureSilent(step, isStopping) ? Optional.of(Kind.CAPTURE_STALLED) : Optional.empty();
  }

  private boolean isCaptureSilent(long step, boolean isStopping) {
    return switch (phase) {
      case OPENING -> phaseNanos >= (isStopping ? limit() : OPENING_NANOS);
      case CLOSING -> phaseNanos >= CLOSING_NANOS;
      case DRAINING -> false; // what is drained waits for the disk, however long it takes
      case CAPTURING -> isSilent(step);
    };
  }

  private boolean isSilent(long step) {
    long now = progress.deliveries();
    if (now != deliveries || !progress.info().isLive()) {
      deliveries = now;
      silentNanos = 0;
      return false;
    }
    silentNanos += step;
    return silentNanos >= (now == 0 ? FIRST_FRAME * limit() : limit());
  }

  /** Frames go in, or one is in, and no packet has come out since. */
  private boolean isEncoderBarren(long step) {
    long out = progress.packetsGiven();
    long in = progress.framesTaken();
    boolean owes = !progress.hasEncoderEnded() && (progress.isInEncoder() || in > framesAtPacket);
    if (out != packets || !owes) {
      packets = out;
      framesAtPacket = in;
      barrenNanos = 0;
      return false;
    }
    barrenNanos += step;
    return barrenNanos >= limit();
  }

  private long limit() {
    long nanos = stallAfter.toNanos();
    return progress.info() == null
        ? nanos
        : Math.max(nanos, INTERVALS * progress.info().frameIntervalUs() * 1000);
  }
}
