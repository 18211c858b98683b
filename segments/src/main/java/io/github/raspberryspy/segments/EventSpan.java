package io.github.raspberryspy.segments;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A stretch of time in which something moved.
 *
 * @param start first moment, inclusive
 * @param end last moment, exclusive; not before {@code start}
 * @param score the strongest changed share of the picture in it, 0 to 1
 * @param zones names of the zones in which it was seen; empty where none are set up
 * @param boxes where in the picture, at most {@link #MAX_BOXES}
 */
public record EventSpan(
    Instant start, Instant end, double score, List<String> zones, List<Box> boxes) {

  /** How many zones a span is joined to at the most, and read with; a camera has fewer. */
  static final int MAX_ZONES = 64;

  /** How many boxes a span carries at the most. */
  public static final int MAX_BOXES = 16;

  /** Checks order and ranges, and copies the lists. */
  public EventSpan {
    Objects.requireNonNull(start, "start");
    if (end.isBefore(start)) {
      throw new IllegalArgumentException("motion ends at " + end + ", before its start " + start);
    }
    if (!(score >= 0 && score <= 1)) {
      throw new IllegalArgumentException("motion score " + score + " is not within 0 to 1");
    }
    zones = List.copyOf(zones);
    boxes = List.copyOf(boxes);
    if (boxes.size() > MAX_BOXES) {
      throw new IllegalArgumentException(
          "a motion span carries " + boxes.size() + " boxes; " + MAX_BOXES + " are allowed");
    }
  }

  /** Whether no time lies between the two. */
  public boolean touches(EventSpan other) {
    return !start.isAfter(other.end) && !other.start.isAfter(end);
  }

  /** Both as one, with what lies between them; where in the picture, as the other one says. */
  public EventSpan joined(EventSpan other) {
    Set<String> both = new LinkedHashSet<>(zones);
    both.addAll(other.zones);
    return new EventSpan(
        start.isBefore(other.start) ? start : other.start,
        end.isAfter(other.end) ? end : other.end,
        Math.max(score, other.score),
        both.stream().limit(MAX_ZONES).toList(),
        other.boxes.isEmpty() ? boxes : other.boxes);
  }

  /** What of it lies between these moments, which it reaches. */
  EventSpan within(Instant from, Instant to) {
    return new EventSpan(
        start.isBefore(from) ? from : start, end.isAfter(to) ? to : end, score, zones, boxes);
  }
}
