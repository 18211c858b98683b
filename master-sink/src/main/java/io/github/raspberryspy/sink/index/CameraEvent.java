package io.github.raspberryspy.sink.index;

import java.time.Instant;
import java.util.Optional;

/**
 * A stretch of time in which something was the matter with a camera.
 *
 * @param type {@code motion} or {@code lost}
 * @param camera which
 * @param start when it began
 * @param end when it was over; empty while it lasts
 * @param segment id of the segment whose manifest says so; empty for {@code lost}
 * @param span the motion as JSON; empty for {@code lost}
 */
public record CameraEvent(
    String type,
    String camera,
    Instant start,
    Optional<Instant> end,
    Optional<String> segment,
    Optional<String> span) {}
