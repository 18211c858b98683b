package io.github.raspberryspy.segments.spool;

import java.time.Instant;
import java.util.Optional;

/**
 * What a camera's spool remembers between processes.
 *
 * @param key the camera's key, 8 hexadecimal digits, drawn when the spool was created
 * @param run number of the latest run; 0 before the first
 * @param recordedUntil where the latest sealed segment ends, if there was one
 * @param sealedLast where the segment ends that was sealed last, if there was one; earlier than the
 *     latest if the clock was ahead, and was set back since
 */
public record SpoolState(
    String key, long run, Optional<Instant> recordedUntil, Optional<Instant> sealedLast) {

  /**
   * The end of what was recorded before this moment; empty if there is nothing that is known to
   * have been. While a clock was ahead it wrote of times that have not come yet.
   */
  public Optional<Instant> recordedBefore(Instant moment) {
    return recordedUntil
        .filter(until -> until.isBefore(moment))
        .or(() -> sealedLast.filter(until -> until.isBefore(moment)));
  }
}
