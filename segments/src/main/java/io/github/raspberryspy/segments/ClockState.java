package io.github.raspberryspy.segments;

/** How far the wall times of a segment can be trusted. */
public enum ClockState {
  /** The clock was set when the segment was filmed. */
  SYNCED,
  /** The clock was not yet set: the wall times are a provisional label. */
  UNSYNCED,
  /** Filmed before the clock was set, and re-dated from the monotonic clock afterwards. */
  CORRECTED
}
