package io.github.raspberryspy.sink.index;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened at a camera: motion, or that it was lost or heard again.
 *
 * @param type {@code motion} or {@code camera}
 * @param camera which
 * @param at when it happened or began
 * @param state what the camera came to be: {@code lost} or {@code back}; empty for motion
 * @param segment id of the segment whose manifest says so; empty unless it is motion
 * @param span the motion as JSON; empty unless it is motion
 */
public record CameraEvent(
    String type,
    String camera,
    Instant at,
    Optional<String> state,
    Optional<String> segment,
    Optional<String> span) {}
