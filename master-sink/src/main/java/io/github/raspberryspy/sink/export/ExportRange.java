package io.github.raspberryspy.sink.export;

import io.github.raspberryspy.segments.SegmentId;
import java.time.Instant;

/**
 * A camera's footage between two moments.
 *
 * @param camera its name
 * @param from the first moment
 * @param to the moment behind the last one, later than the first
 */
public record ExportRange(String camera, Instant from, Instant to) {

  /** Checks both. */
  public ExportRange {
    SegmentId.requireCameraName(camera);
    if (!from.isBefore(to)) {
      throw new IllegalArgumentException(
          "the range ends at " + to + ", not after its start " + from);
    }
  }
}
