package io.github.raspberryspy.sink.index;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened at a camera: motion, a fault, or that it was lost or heard again.
 *
 * @param type {@code motion}, {@code fault} or {@code camera}
 * @param camera which
 * @param at when it happened or began
 * @param state what the camera came to be: {@code lost} or {@code back}; empty for others
 * @param segment id of the segment whose manifest says so; empty unless it is motion, and where
 *     that was only heard of
 * @param span the motion as JSON; empty unless it is motion
 * @param fault what was wrong; empty unless it is a fault
 */
public record CameraEvent(
    String type,
    String camera,
    Instant at,
    Optional<String> state,
    Optional<String> segment,
    Optional<String> span,
    Optional<FaultSpan> fault) {

  static CameraEvent heard(String camera, Instant start, String span) {
    return new CameraEvent(
        "motion",
        camera,
        start,
        Optional.empty(),
        Optional.empty(),
        Optional.of(span),
        Optional.empty());
  }

  static CameraEvent fault(String camera, Instant start, FaultSpan fault) {
    return new CameraEvent(
        "fault",
        camera,
        start,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(fault));
  }
}
