package io.github.raspberryspy.sink.index;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that was wrong with a camera for a while, or still is.
 *
 * @param kind what, as the camera calls it
 * @param end when it was over; empty while it lasts
 * @param alert whether somebody should be told at once
 * @param sentence for people
 */
public record FaultSpan(String kind, Optional<Instant> end, boolean alert, String sentence) {}
