package io.github.raspberryspy.daemon.analyze;

import java.util.List;
import java.util.Optional;

/**
 * What was seen in one file. Immutable.
 *
 * @param footage which file
 * @param frames pictures that were looked at
 * @param framesWithMotion those of them that lie within events
 * @param lost pictures that could not be decoded
 * @param lastUs when its last picture is shown, on the clock of its run
 * @param events as far as they touch it, with the times that they have altogether
 * @param problem why it could not be read; the rest is then meaningless
 */
record FileReport(
    Footage footage,
    long frames,
    long framesWithMotion,
    long lost,
    long lastUs,
    List<Event> events,
    Optional<Problem> problem) {

  FileReport {
    events = List.copyOf(events);
  }

  /**
   * How long it is, seconds: the last picture is shown for as long as the others are on average.
   */
  double seconds() {
    return (lastUs - footage.firstUs()) / 1e6 * frames / Math.max(1, frames - 1);
  }

  /** Seconds from its first picture to this moment. */
  double offset(long us) {
    return (us - footage.firstUs()) / 1e6;
  }
}
