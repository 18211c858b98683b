package io.github.raspberryspy.sink.index;

import io.github.raspberryspy.segments.SegmentId;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * Where in a listing a segment stands, or stood: a page that begins behind it costs the same
 * wherever it is, and misses none when others come or go meanwhile.
 *
 * @param start of the segment
 * @param id its id, which decides between those that start together
 */
public record SegmentPosition(Instant start, SegmentId id) {

  /** Of this segment. */
  public static SegmentPosition of(StoredSegment segment) {
    return new SegmentPosition(segment.manifest().start(), segment.manifest().id());
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static SegmentPosition parse(String text) {
    int dot = text.indexOf('.');
    try {
      Instant start = Micros.instant(Long.parseLong(text.substring(0, Math.max(dot, 0))));
      return new SegmentPosition(start, SegmentId.parse(text.substring(dot + 1)));
    } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
      throw new IllegalArgumentException("\"" + text + "\" is no place in a listing", e);
    }
  }

  /** The text form: microseconds since the epoch, a dot, the id. */
  @Override
  public String toString() {
    return Micros.of(start) + "." + id;
  }
}
