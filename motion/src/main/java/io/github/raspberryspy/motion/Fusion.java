package io.github.raspberryspy.motion;

/**
 * Makes the events of picture and sensor together out of those of each. Pure: intervals in,
 * intervals out, and its only clock is the frames' capture time. For one thread.
 *
 * <p>{@link FusionMode#OR} is the union of the picture's events and the sensor's warmth, {@link
 * FusionMode#ONLY} the warmth, and {@link FusionMode#AND} the picture's events as far as they lie
 * within reach of warmth. While the sensor cannot be read it is the picture's events. An event
 * begins where its interval begins, which may be before the frame at which that is known, but not
 * before the end of the one before it.
 */
final class Fusion {

  private final FusionMode mode;
  private final long withinNanos;
  private final long holdNanos;

  private boolean isFirst = true; // no event begins before the first frame
  private boolean isOpen;
  private boolean began;
  private boolean ended;
  private long startNanos;
  private long endNanos;
  private boolean bySensor;

  private boolean wants; // what the latest frame asks for: an event from here to there
  private long fromNanos;
  private long toNanos;

  Fusion(PirFusion config) {
    mode = config.mode();
    withinNanos = config.within().toNanos();
    holdNanos = config.hold().toNanos();
  }

  /**
   * Takes in the next frame.
   *
   * @param nanos its capture time, not before the one before
   * @param moves whether an event of the picture is under way at it
   * @param sinceNanos where that begins
   * @param untilNanos how far it has been seen
   * @param sensor how the sensor is
   */
  void accept(
      long nanos, boolean moves, long sinceNanos, long untilNanos, PirSignal.Reading sensor) {
    if (isFirst) {
      isFirst = false;
      endNanos = nanos - 1;
    }
    boolean isWarm = sensor.hasBeenWarm && nanos - sensor.untilNanos <= holdNanos;
    boolean counts = !sensor.isLost;
    wants = false;
    if (!counts || mode == FusionMode.OR) {
      want(moves, sinceNanos, untilNanos);
    }
    if (counts && mode != FusionMode.AND) {
      want(isWarm, sensor.sinceNanos, sensor.untilNanos);
    }
    if (counts && mode == FusionMode.AND && sensor.hasBeenWarm) {
      long reach = sensor.untilNanos + withinNanos;
      long from = Math.max(sinceNanos, sensor.sinceNanos - withinNanos);
      long to = Math.min(untilNanos, reach);
      want(moves && nanos <= reach && from <= to, from, to);
    }
    decide(counts && (isWarm || mode == FusionMode.AND));
  }

  /** Ends what is under way, for no more frames will come; whether anything was. */
  boolean finish() {
    boolean was = isOpen;
    isOpen = false;
    began = false;
    ended = was;
    return was;
  }

  /** Whether an event is under way. */
  boolean isOpen() {
    return isOpen;
  }

  /** Whether the latest frame began one. */
  boolean began() {
    return began;
  }

  /** Whether the latest frame ended one. */
  boolean ended() {
    return ended;
  }

  /** Where the latest event begins. */
  long startNanos() {
    return startNanos;
  }

  /** How far the latest event has been seen. */
  long endNanos() {
    return endNanos;
  }

  /** Whether the sensor has a part in the latest event. */
  boolean bySensor() {
    return bySensor;
  }

  private void want(boolean really, long from, long to) {
    if (!really) {
      return;
    }
    fromNanos = wants ? Math.min(fromNanos, from) : from;
    toNanos = wants ? Math.max(toNanos, to) : to;
    wants = true;
  }

  private void decide(boolean sensed) {
    wants &= isOpen || toNanos > endNanos; // what lies before the last event's end was part of it
    began = wants && !isOpen;
    ended = !wants && isOpen;
    isOpen = wants;
    if (!wants) {
      return;
    }
    if (began) {
      startNanos = Math.max(fromNanos, endNanos);
      endNanos = Math.max(startNanos, toNanos);
      bySensor = false;
    }
    endNanos = Math.max(endNanos, toNanos);
    bySensor |= sensed;
  }
}
